"""What happened to the stock of one article, and where it lies."""

from functools import partial

from app.desk.threads import Query
from app.domain.stock.model import Location, StockMovement
from app.replica.queries import catalog, stock
from app.replica.queries.stock import MovementLine, Promise, StockStory

__all__ = ["MovementLine", "Promise", "StockStory"]


def stock_story(sku_id: str) -> Query[StockStory]:
    return partial(stock.stock_story, sku_id=sku_id)


def locations() -> Query[tuple[Location, ...]]:
    return stock.locations


def movements(sku_id: str) -> Query[tuple[StockMovement, ...]]:
    return partial(catalog.movements, sku_id=sku_id)
