"""Why a command is refused before any rule of the shop is asked, or in spite of it."""

from typing import Final

from app.domain.outcome import RejectCode

NOT_ALLOWED = RejectCode("not_allowed", "{actor} may not do this ({permission}).")
UNKNOWN_COMMAND = RejectCode("unknown_command", "The service does not know {name} version {version}; update it first.")
MALFORMED = RejectCode("malformed", "{where} {why}.")
INTERNAL_ERROR = RejectCode("internal_error", "This could not be worked off because of a fault in the program.")
TOO_MANY_CHANGES = RejectCode("too_many_changes", "This changes more than {most} things at once.")
CODES: Final = (NOT_ALLOWED, UNKNOWN_COMMAND, MALFORMED, INTERNAL_ERROR, TOO_MANY_CHANGES)
