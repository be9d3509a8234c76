"""The plug is pulled at any write: what the service had acknowledged is on the disk, and the file is whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

from services.db.engine import Store
from tests.architecture.tree import ROOT
from tests.support.clocks import FixedClock
from tests.support.shop import Shop
from tests.support.stores import new_url

CUTS = int(os.environ.get("ZHANGGUI_CUTS", "40"))
"""A soak run sets it to 1000."""
PLANTED = 6


def cut(template: Path, folder: Path, cuts: int, sync: str) -> dict[str, int]:
    folder.mkdir()
    program = [sys.executable, "-m", "tests.services.authority.power_cuts", str(template), str(folder), str(cuts), sync]
    empty = folder / "where it runs"
    empty.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, cwd=empty, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    assert not list(empty.iterdir()), "every file of a database lies beside it"
    return found


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    store = Store(new_url("sqlite", tmp_path))
    shop = Shop(store, FixedClock()).found()
    shop.product(stock=0)
    shop.close()
    store.close()
    kept = cut(store.file, tmp_path / "full", CUTS, "full")
    planted = cut(store.file, tmp_path / "normal", PLANTED, "normal")
    is_red = planted["lost"] > 0
    print(
        f"power_cut cuts={CUTS} intact={kept['intact']} acked={kept['acked']} lost={kept['lost']}"
        f" planted(sync=NORMAL): lost={planted['lost']} of {planted['acked']}, {'red' if is_red else 'NOT SEEN'}"
    )
    assert (kept["intact"], kept["lost"]) == (CUTS, 0) and kept["acked"] > CUTS
    assert is_red, "this test would see a service that acknowledges what the disk was not asked to keep"
