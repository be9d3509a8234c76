"""The linters are part of the tests, so a green run means the same everywhere."""

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

LINTERS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
}


@pytest.mark.parametrize("linter", LINTERS)
def test_linter_finds_nothing(linter: str) -> None:
    done = subprocess.run(
        [sys.executable, *LINTERS[linter]], cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
