"""A counter of a shop with staff and computers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counter import Counter
from tests.ui.pages.settings.scene import fill


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """The owner is on duty; there are a manager, a clerk and a courier, and three computers, one locked out."""
    found = Counter(tmp_path, ())
    fill(found)
    yield found
    found.close()
