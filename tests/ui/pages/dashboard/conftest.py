"""The full shop is made once: nothing changes it."""

from collections.abc import Iterator

import pytest

from tests.support.shelf import Shelf
from tests.ui.pages.dashboard.scene import fill


@pytest.fixture(scope="session")
def full_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    found = Shelf(tmp_path_factory.mktemp("full") / "replica.db")
    fill(found)
    yield found
    found.database.close()


@pytest.fixture
def new_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    found = Shelf(tmp_path_factory.mktemp("new") / "replica.db")
    yield found
    found.database.close()
