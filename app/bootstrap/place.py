"""Where the program and its packages stand, and how its first steps speak to whoever starts it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON_NAME = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PYTHON = ENVIRONMENT / PYTHON_NAME
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"


class SetupFailed(Exception):
    """The machine could not be made ready; the text says what to do."""


def say(text: str) -> None:
    print(text, flush=True)
