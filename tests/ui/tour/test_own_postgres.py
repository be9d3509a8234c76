"""The tour's own PostgreSQL starts whatever language the terminal asks for, as one that came along over ssh."""

import os

import pytest

from services.db.engine import Store
from ui.tour.shop_commands import own_postgres


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
