"""Incidents are settled once, with a note."""

from app.domain.incidents.commands import SettleIncident
from app.domain.incidents.model import Incident
from tests.app.domain.deciding import BUYER, CLERK, EARLIER, NOW, given

OPEN = Incident("i1", "stock.short", {"sku_id": "s1"}, EARLIER)


def test_a_person_settles_an_incident_and_says_how() -> None:
    settled = given(OPEN).when(SettleIncident("i1", " 已补货 "), CLERK).put(Incident)
    assert (settled.state, settled.settled_by, settled.settled_at, settled.note) == ("settled", "clerk", NOW, "已补货")
    assert given(settled).when(SettleIncident("i1", "again")).changes == ()


def test_what_cannot_be_settled_is_refused() -> None:
    given().when(SettleIncident("i1")).refused("incident.not_found")
    given(OPEN).when(SettleIncident("i1", "x" * 501)).refused("incident.note_too_long")
    given(OPEN).when(SettleIncident("i1"), BUYER).refused("not_allowed")
