"""Which form of the replica this program reads and writes."""

MAJOR = 1
MINOR = 7
UNIT = 1_000
VERSION = MAJOR * UNIT + MINOR
"""What ``user_version`` says: major × 1,000 + minor."""
OUTDATED = MAJOR * UNIT
"""What it says while something that follows from the rows is made anew or has to be: nobody reads the file before."""
