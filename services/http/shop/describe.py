"""Writes the storefront's description to ``docs/openapi.json``: ``python -m services.http.shop.describe``."""

import json

from app.kernel.resources import ROOT
from services.http.shop.routes import description

FILE = ROOT.parent / "docs" / "openapi.json"


def write() -> None:
    FILE.write_text(json.dumps(description(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
