"""The translations, compiled for gettext from what translators write."""

import subprocess
from pathlib import Path

from app.bootstrap.place import PYTHON, ROOT, SetupFailed

_COMPILE = """
import sys
from pathlib import Path
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
for name in sys.argv[1:]:
    source = Path(name)
    fresh = source.with_suffix(".mo.new")
    with source.open("rb") as texts, fresh.open("wb") as compiled:
        write_mo(compiled, read_po(texts, abort_invalid=True))
    fresh.replace(source.with_suffix(".mo"))
"""


def compile_texts(python: Path = PYTHON, folder: Path = ROOT / "resources" / "i18n") -> None:
    """Make the catalogues that gettext reads from the ones that translators write, where those are newer."""
    sources = sorted(folder.glob("*/*.po"))
    for orphan in set(folder.glob("*/*.mo")) - {source.with_suffix(".mo") for source in sources}:
        orphan.unlink()
    stale = [str(source) for source in sources if _is_stale(source)]
    if not stale:
        return
    done = subprocess.run(
        [str(python), "-X", "utf8", "-c", _COMPILE, *stale], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SetupFailed(f"翻译文件有误。 A translation is not well formed:\n{done.stderr[-800:]}")


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
