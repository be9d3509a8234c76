"""A founded shop whose service can be asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.db.engine import Store
from tests.support.clocks import FixedClock
from tests.support.service import Desktop, Server


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def server(store: Store, clock: FixedClock, tmp_path: Path) -> Iterator[Server]:
    server = Server(store, clock, tmp_path / "资料 data")
    server.shop.found()
    yield server
    server.close()


@pytest.fixture
def desktop(server: Server) -> Desktop:
    return server.enrol()
