"""How the shop is set up, as the settings show it."""

from app.desk.threads import Query
from app.replica.queries import setup
from app.replica.queries.setup import ShopSetup

__all__ = ["ShopSetup"]


def shop_setup() -> Query[ShopSetup]:
    return setup.shop_setup
