"""A server's database that cannot hold people's names is refused in a sentence, before anything is written."""

from pathlib import Path

import pytest

from app.kernel.errors import KnownError
from services.db.address import read_address
from services.db.engine import Store
from tests.support.stores import new_url


@pytest.mark.parametrize(("encoding", "is_refused"), [("LATIN1", True), ("SQL_ASCII", False)])
def test_only_what_holds_every_name_is_taken(encoding: str, is_refused: bool, tmp_path: Path) -> None:
    url = new_url("postgresql", tmp_path)
    name = f"texts_{encoding.lower()}"
    with Store(url).connect() as database:
        database.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    store = Store(read_address(url).at(name))
    if is_refused:
        with pytest.raises(KnownError, match="UTF8") as refused:
            store.connect()
        assert (refused.value.code, refused.value.params) == ("store.encoding", {"encoding": encoding})
    else:
        with store.connect() as database:
            assert database.execute("SELECT %s || ''", ("𠮷野",)).fetchone() == ("𠮷野",)
    store.close()
