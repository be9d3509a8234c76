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


def test_the_window_waits_for_none_of_the_heavy_libraries() -> None:
    """They come up behind the first picture: SQLAlchemy alone takes as long as an empty window."""
    code = f"import sys, ui.start; print([name for name in {(*HEAVY, *PAGES)!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
