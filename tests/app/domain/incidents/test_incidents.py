"""Incidents are settled once, with a note."""

from app.domain.incidents.commands import GoOnAfterRestore, SettleIncident
from app.domain.incidents.model import RESTORED, Incident, restored_id
from tests.app.domain.deciding import BUYER, CLERK, EARLIER, MANAGER, NOW, OWNER, given

OPEN = Incident("i1", "stock.short", {"sku_id": "s1"}, EARLIER)


def test_a_person_settles_an_incident_and_says_how() -> None:
    settled = given(OPEN).when(SettleIncident("i1", " 已补货 "), CLERK).put(Incident)
    assert (settled.state, settled.settled_by, settled.settled_at, settled.note) == ("settled", "clerk", NOW, "已补货")
    assert given(settled).when(SettleIncident("i1", "again")).changes == ()


def test_only_the_owner_lets_a_shop_go_on_that_was_put_back() -> None:
    put_back = Incident(restored_id("old"), RESTORED, {"epoch": "old"}, EARLIER)
    for somebody in (OWNER, CLERK):
        given(put_back).when(SettleIncident(put_back.id), somebody).refused("incident.owners")
    given(put_back).when(GoOnAfterRestore(put_back.id), MANAGER).refused("not_allowed")
    going = given(put_back).when(GoOnAfterRestore(put_back.id), OWNER).put(Incident)
    assert (going.state, going.settled_by, going.settled_at) == ("settled", "owner", NOW)
    assert given(going).when(GoOnAfterRestore(put_back.id), OWNER).changes == ()
    for other in ("i1", "nothing"):
        given(OPEN, put_back).when(GoOnAfterRestore(other), OWNER).refused("shop.not_restored")


def test_what_cannot_be_settled_is_refused() -> None:
    given().when(SettleIncident("i1")).refused("incident.not_found")
    given(OPEN).when(SettleIncident("i1", "x" * 501)).refused("incident.note_too_long")
    given(OPEN).when(SettleIncident("i1"), BUYER).refused("not_allowed")
