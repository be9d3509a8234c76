"""A buyer is registered once for each WeChat user."""

from app.domain.members.commands import RegisterBuyer
from app.domain.members.model import Buyer, BuyerIdentity
from tests.app.domain.deciding import OWNER, SERVICE, given


def test_the_first_login_makes_a_buyer_and_the_second_finds_it() -> None:
    decided = given().when(RegisterBuyer("buyer", "openid-1", "union-1"), SERVICE)
    assert decided.put(Buyer) == Buyer("buyer")
    assert decided.put(BuyerIdentity) == BuyerIdentity("buyer", "openid-1", "union-1")
    known = BuyerIdentity("buyer", "openid-1")
    assert given(Buyer("buyer"), known).when(RegisterBuyer("another", "openid-1"), SERVICE).changes == ()


def test_nobody_else_registers_buyers() -> None:
    given().when(RegisterBuyer("buyer", "openid-1"), OWNER).refused("not_allowed", permission="internal")
