"""Decisions about customers."""

from app.domain.command import Context
from app.domain.members import commands
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.outcome import Accepted, Decision, Put
from app.domain.view import View


def register_buyer(command: commands.RegisterBuyer, view: View, context: Context) -> Decision:
    if view.children(BuyerIdentity, openid=command.openid):
        return Accepted()
    identity = BuyerIdentity(command.buyer_id, command.openid, command.unionid)
    buyer = view.get(Buyer, command.buyer_id) or Buyer(command.buyer_id)  # who came back with an order has a level
    return Accepted((Put(buyer), Put(identity)))


HANDLERS = ((commands.RegisterBuyer, register_buyer),)
