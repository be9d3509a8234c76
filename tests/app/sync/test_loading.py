"""A replica in the making outlives a line that breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sync.identity import Identity
from app.sync.steps import Progress
from app.sync.transport import Unreachable
from tests.support.stores import new_url
from tests.support.world import World

IDENTITY = Identity("device-1", "key", "next", "test")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(new_url("sqlite", tmp_path), tmp_path, desktops=1)
    yield found
    found.close()


def test_the_loading_goes_on_where_the_line_broke(world: World) -> None:
    desktop = world.desktops[0]
    pages: list[Progress] = []

    def break_after(most: int) -> None:
        desktop.line.is_cut = len(pages) >= most

    reply = desktop.steps.hello(IDENTITY).reply
    desktop.steps.bootstrap("device-1", reply, pages.append)
    whole, file = list(pages), desktop.holder.path
    assert [page.place for page in whole] == sorted(page.place for page in whole)
    assert (whole[0].place, whole[-1].place) == (1, whole[-1].places), "how far it is ends at the whole"
    pages.clear()
    desktop.line.between_pages = lambda: break_after(5)
    with pytest.raises(Unreachable):
        desktop.steps.bootstrap("device-1", reply, lambda page: (pages.append(page), break_after(5))[0])
    assert desktop.holder.path == file, "the old one stays in use"
    desktop.line.between_pages = lambda: None
    desktop.line.is_cut = False
    world.shop.product("p9", stock=4)
    desktop.steps.bootstrap("device-1", desktop.steps.hello(IDENTITY).reply, pages.append)
    assert pages[:6] == whole[:6]
    assert len(pages) < len(whole) + 5, "a start from the beginning would fetch the five pages twice"
    world.settle()
    world.check_settled()
