"""The project's own files, as a clean checkout holds them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "ui", "services")

_MADE_HERE = {".git", ".venv", "__pycache__", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
_MADE_HERE |= {".import_linter_cache", "out", "build", "dist"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the project, relative to its root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(_walk(ROOT)))  # an unpacked archive, or a machine without git
    return tuple(sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for entry in folder.iterdir():
        if entry.name in _MADE_HERE or entry.suffix == ".mo" or entry.name == ".venv.lock":
            continue
        found += _walk(entry) if entry.is_dir() else [entry.relative_to(ROOT)]
    return found


def python_files(*tops: str) -> list[Path]:
    return [file for file in files() if file.suffix == ".py" and (not tops or file.parts[0] in tops)]


def text(file: Path) -> str:
    """The file's text, empty for pictures and fonts."""
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def syntax(file: Path) -> ast.Module:
    return ast.parse(text(file), filename=str(file))
