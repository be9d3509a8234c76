"""A counter with three buyers: one whose goods stand ready, one who is too early, one of the other point."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pickup_counter import PickupCounter


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[PickupCounter]:
    found = PickupCounter(tmp_path)
    yield found
    found.close()
