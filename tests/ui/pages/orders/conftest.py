"""A counter with the story's orders, and with only a few of them where many would only take time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counter import STORY, Bought, Counter

FEW = (
    Bought((("cold", 2),), "shipped"),
    Bought((("milk", 1),), "unpaid"),
    Bought((("bean", 3), ("milk", 2)), remark="请放门口"),
)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """o1 shipped, o2 unpaid, o3 to ship: three and two pieces."""
    found = Counter(tmp_path, FEW)
    yield found
    found.close()


@pytest.fixture
def busy_counter(tmp_path: Path) -> Iterator[Counter]:
    """Twelve orders in all states."""
    found = Counter(tmp_path, STORY)
    yield found
    found.close()
