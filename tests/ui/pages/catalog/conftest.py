"""A counter with a shelf of products in several categories."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counter import Counter
from tests.ui.pages.catalog.scene import fill


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Ten products; ``yn`` has three articles of 46, 3 and 0 pieces, ``pa`` is off sale, ``bl`` a draft."""
    found = Counter(tmp_path, ())
    fill(found)
    yield found
    found.close()
