"""A shop that has sold very much: a demo's orders copied until there are enough, with everything that hangs on them.

What the service's costs depend on is the size of its tables and their indices. A hundred copies of ten thousand orders
that the shop's own handlers made have the size of a million, and are there in minutes.
"""

import shutil
from contextlib import closing
from pathlib import Path

from app.domain.delivery.model import LocalDelivery, Parcel, ParcelLine
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.orders.model import Order, OrderContact, OrderDiscount, OrderEvent, OrderLine, OrderPrice
from app.domain.payments.model import Payment, Refund, RefundLine, Transfer
from app.domain.pickup.model import Pickup, PickupRedemption
from app.domain.promotions.model import Coupon
from app.domain.registry import shop_registry
from app.domain.row import Row
from app.domain.stock.model import Reservation, StockMovement
from app.kernel.clock import SystemClock
from app.tables.mapper import mapper_of
from benchmarks.replicas import place
from services.db import migrations
from services.demo import shop
from services.opening import prepared
from services.settings import place_of

SEED = 1
_ID = "substr({0}, 1, 24) || c.mark || substr({0}, 29)"
"""A copy's own id: still 36 signs, of which one is no hexadecimal digit, so that no first one has it already."""
_NO = "substr({0}, 1, 10) || c.mark || substr({0}, 11)"
_MARK = "{0} || '-' || c.mark"
_ANEW: dict[type[Row], dict[str, str]] = {
    Buyer: {"id": _ID},
    BuyerIdentity: {"buyer_id": _ID, "openid": _MARK},
    Order: {"id": _ID, "no": _NO, "buyer_id": _ID},
    OrderContact: {"order_id": _ID},
    OrderPrice: {"order_id": _ID},
    OrderLine: {"id": _ID, "order_id": _ID},
    OrderDiscount: {"id": _ID, "order_id": _ID, "line_id": _ID},
    OrderEvent: {"id": _ID, "order_id": _ID},
    Reservation: {"order_line_id": _ID},
    Parcel: {"id": _ID, "order_id": _ID, "waybill_no": _MARK},
    ParcelLine: {"parcel_id": _ID, "order_line_id": _ID},
    LocalDelivery: {"order_id": _ID},
    Pickup: {"order_id": _ID, "ref": _MARK, "human_code": _MARK},
    PickupRedemption: {"id": _ID, "order_id": _ID, "ref": _MARK},
    Payment: {"id": _ID, "order_id": _ID, "out_trade_no": _MARK, "transaction_id": _MARK},
    Refund: {"id": _ID, "order_id": _ID, "payment_id": _ID, "out_refund_no": _MARK},
    RefundLine: {"refund_id": _ID, "order_line_id": _ID},
    Coupon: {"id": _ID, "code": _MARK, "buyer_id": _ID, "order_id": "CASE {0} WHEN '' THEN '' ELSE " + _ID + " END"},
    StockMovement: {"id": _ID},
    Transfer: {"id": _ID},
}  # fmt: skip
"""Every table that grows with the orders, parents first, and which of its columns a copy may not share."""


def kept_shop(count: int, copies: int = 1) -> Path:
    """The folder of a service whose shop has sold ``count * copies`` orders, on SQLite; nobody may write into it."""
    folder = place() / f"shop-{count * copies}-{_newest()}"
    if not folder.exists():
        print(f"  making a shop of {count * copies:,} orders, once …", flush=True)
        half = folder.with_name(f"half-{folder.name}")
        shutil.rmtree(half, ignore_errors=True)
        if copies == 1:
            make(half, "", count)
        else:
            shutil.copytree(kept_shop(count), half)
            multiply(half, "", copies)
        half.rename(folder)
    return folder


def make(folder: Path, database: str, count: int) -> None:
    """A demo shop with a past, made by its own handlers."""
    where = place_of(str(folder), database or None)
    with prepared(where) as store:
        wish = shop.Wish(count, SEED)
        shop.make(store, shop_registry(), where.media, (wish, SystemClock().now()), lambda *_: None)


def multiply(folder: Path, database: str, copies: int) -> None:
    """``copies - 1`` more of everything that was bought, one statement a table."""
    with prepared(place_of(str(folder), database or None)) as store, closing(store.connect()) as connection:
        run = connection.execute
        if store.is_sqlite:
            run("PRAGMA cache_size = -500000")
            run("PRAGMA synchronous = OFF")
            run("PRAGMA foreign_keys = OFF")
        run("CREATE TEMPORARY TABLE copies (mark TEXT NOT NULL)")
        for number in range(1, copies):
            run(f"INSERT INTO copies VALUES ('z{number:03x}')")
        for kind, anew in _ANEW.items():
            names = mapper_of(kind).names
            kept = {name: f'o."{name}"' for name in names}
            values = kept | {name: made.format(kept[name]) for name, made in anew.items()}
            columns = ", ".join(f'"{name}"' for name in names)
            run(
                f"INSERT INTO {kind.TABLE} ({columns}) SELECT {', '.join(values[name] for name in names)}"
                f" FROM {kind.TABLE} o CROSS JOIN copies c"
            )
        run("PRAGMA wal_checkpoint(TRUNCATE)" if store.is_sqlite else "ANALYZE")


def _newest() -> str:
    return max(file.stem for file in (Path(migrations.__file__).parent / "versions").glob("v[0-9]*.py"))[:5]
