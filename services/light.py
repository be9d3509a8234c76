"""Libraries without the parts of them that only a person at a terminal would use.

httpx brings a command of its own; for its colours it loads as much again as it needs for asking. It goes without when
the libraries for them are not installed, so for the moment of its loading it is told so.
"""

import sys


def without_colours() -> None:
    """Load httpx; to be called before anybody else does."""
    if "httpx" in sys.modules:
        return
    missed = [name for name in ("pygments", "rich") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missed))  # type: ignore[arg-type]
    try:
        import httpx  # noqa: F401
    finally:
        for name in missed:
            del sys.modules[name]
