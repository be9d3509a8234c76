"""Where the program's own data files lie, from a checkout as from an installed copy."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"


def path(relative: str) -> Path:
    """The file ``resources/<relative>``; raises FileNotFoundError when the program was not installed whole."""
    found = ROOT / relative
    if not found.exists():
        raise FileNotFoundError(found)
    return found
