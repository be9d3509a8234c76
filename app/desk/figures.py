"""The shop's figures of today and what waits, as the overview shows them."""

from datetime import datetime
from functools import partial

from app.desk.threads import Query
from app.replica.queries import insight
from app.replica.queries.insight import NewOrder, ShopOverview, Task, TaskKind, Today

__all__ = ["NewOrder", "ShopOverview", "Task", "TaskKind", "Today"]


def shop_overview(now: datetime, point_id: str = "") -> Query[ShopOverview]:
    return partial(insight.shop_overview, now=now, point_id=point_id)
