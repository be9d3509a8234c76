"""What is imported later is imported, and only then."""

import subprocess
import sys
from pathlib import Path

from app.kernel.later import later

ROOT = Path(__file__).parents[3]
HEAVY = ("sqlalchemy", "httpx", "reportlab", "pypdfium2", "keyring", "PIL", "qrcode", "app.domain.areas")
PAGES = tuple(f"ui.pages.{name}.page" for name in ("catalog", "dashboard", "orders", "pickup", "printing", "settings"))


def test_a_module_comes_with_its_first_use() -> None:
    name = "wave"
    sys.modules.pop(name, None)
    wave = later(name)
    assert name not in sys.modules
    assert wave.open is sys.modules[name].open  # type: ignore[attr-defined]


def test_what_was_put_off_is_fetched_for_the_packages_that_are_named() -> None:
    """No first click waits for an import of ours; a large library that nobody needs does not come."""
    code = """import sys
from app.kernel.later import fetch, later
later("app.desk.figures"), later("wave")
fetch("app")
print([name for name in ("app.desk.figures", "app.replica.search.finding", "wave") if name in sys.modules])"""
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['app.desk.figures', 'app.replica.search.finding']"


def test_the_window_waits_for_none_of_the_heavy_libraries() -> None:
    """They come up behind the first picture: SQLAlchemy alone takes as long as an empty window."""
    code = f"import sys, ui.start; print([name for name in {(*HEAVY, *PAGES)!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
