"""What can be searched: orders and products, which of their rows' texts count, and which changes make them stale."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from app.replica.search.cutting import INITIALS, MARKS, NUMBER, PLAIN, SIGNS, document, line, words_of
from app.replica.search.initials import initials

SLOTS: Final = 64
"""So many orders of one second keep their order; further ones take the places of the seconds after it."""
_END: Final = 1 << 38
"""Behind all places; a second has ``SLOTS`` of them, so that is in the year 2106."""
LAST_PLACE: Final = _END


class Reads(Protocol):
    """A connection, of a reader or of the writer."""

    def execute(self, sql: str, params: Sequence[Any] = (), /) -> sqlite3.Cursor: ...


@dataclass(frozen=True, slots=True)
class Document:
    """``place``: where it belongs among the others, newest first; the first free number from there down is its own.

    A text index goes forward from a row to a later one in half the time that it takes backward. ``marks`` are what the
    row is, and ``total_fen`` what it comes to: with these a list of a few rows is counted.
    """

    place: int
    text: str
    marks: str
    total_fen: int = 0

    @property
    def words(self) -> frozenset[str]:
        """All words under which it can be found."""
        return words_of(line(MARKS, self.marks)) | words_of(self.text)


@dataclass(frozen=True, slots=True)
class Feeder:
    """A table whose ``columns`` stand in documents; ``rids`` selects the rows that a change of ``{r}`` touches."""

    table: str
    columns: Sequence[str]
    rids: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A searched table.

    read      the documents of these rows; of those that are gone, none
    in_order  all rows with the places of their documents, oldest first
    side      which text index over the documents it is: the one that is asked, or the one that is made beside it
    """

    name: str
    table: str
    with_initials: bool
    feeders: Sequence[Feeder]
    read: Callable[[Reads, Sequence[int]], dict[int, Document]]
    in_order: str
    side: str = ""

    @property
    def beside(self) -> "Subject":
        """The same with the text index that is made to take the other one's place."""
        return replace(self, side="_next")

    @property
    def words(self) -> str:
        """The text index."""
        return f"{self.name}_words{self.side}"

    @property
    def words_before(self) -> str:
        """The pages of the text index that was asked until another took its place; they are cleared away."""
        return f"{self.name}_words_before"

    @property
    def documents(self) -> str:
        """What was put into it, which proves what was found and is needed to take it out again."""
        return f"{self.name}_documents"

    @property
    def places(self) -> str:
        """Whose document stands where, and what that row is: small enough to stay in memory where nothing is proven."""
        return f"{self.name}_places"

    @property
    def its_places(self) -> str:
        """Selects all of that from the documents."""
        return f"SELECT place, rid, marks, total_fen FROM {self.documents}"

    @property
    def marks(self) -> str:
        """All marks that rows have, each named by a number."""
        return f"{self.name}_marks"

    @property
    def frequent(self) -> str:
        """What is known of its most frequent words."""
        return f"{self.name}_frequent{self.side}"

    @property
    def dirty(self) -> str:
        """Rows that have changed since; they are searched without the index."""
        return f"{self.name}_dirty"


_PLACE_OF_ORDER: Final = f"{_END} - CAST(strftime('%s', o.placed_at) AS INTEGER) * {SLOTS}"
_PLACE_OF_PRODUCT: Final = f"{_END} - p.rid"


def _order_documents(connection: Reads, rids: Sequence[int]) -> dict[int, Document]:
    marks = ", ".join("?" * len(rids))
    heads = connection.execute(
        f"SELECT o.rid, o.no, o.state, o.delivery_kind, o.total_fen, {_PLACE_OF_ORDER},"
        " coalesce(c.name, ''), coalesce(c.phone, ''), coalesce(c.address, '')"
        f" FROM orders o LEFT JOIN order_contacts c ON c.order_id = o.id WHERE o.rid IN ({marks})",
        rids,
    ).fetchall()
    more: dict[int, list[str]] = {rid: [] for rid, *_ in heads}
    for table, columns in (("order_lines", "title, spec_text, code, barcode"), ("parcels", "waybill_no")):
        for rid, *texts in connection.execute(
            f"SELECT o.rid, {columns} FROM orders o JOIN {table} t ON t.order_id = o.id WHERE o.rid IN ({marks})", rids
        ).fetchall():
            more[rid] += texts
    return {
        rid: Document(
            place,
            document(
                [
                    line(SIGNS, name),
                    line(NUMBER, no),
                    *(line(PLAIN, text) for text in (phone, address, *more[rid])),
                ]
            ),
            f"{state} {delivery_kind}",
            total_fen,
        )
        for rid, no, state, delivery_kind, total_fen, place, name, phone, address in heads
    }


def _product_documents(connection: Reads, rids: Sequence[int]) -> dict[int, Document]:
    marks = ", ".join("?" * len(rids))
    heads = connection.execute(
        f"SELECT p.rid, {_PLACE_OF_PRODUCT}, p.title, p.state, coalesce(c.name, '') FROM products p"
        f" LEFT JOIN categories c ON c.id = p.category_id WHERE p.rid IN ({marks})",
        rids,
    ).fetchall()
    more: dict[int, list[str]] = {rid: [] for rid, *_ in heads}
    for rid, *texts in connection.execute(
        "SELECT p.rid, k.code, k.barcode, k.spec_key FROM products p JOIN skus k ON k.product_id = p.id"
        f" WHERE p.rid IN ({marks})",
        rids,
    ).fetchall():
        more[rid] += texts
    return {
        rid: Document(
            place,
            document(
                [
                    *(line(SIGNS, text) for text in (title, category)),
                    *(line(PLAIN, text) for text in more[rid]),
                    line(INITIALS, initials(title)),
                ]
            ),
            state,
        )
        for rid, place, title, state, category in heads
    }


_OF_ORDER: Final = "SELECT rid FROM orders WHERE id = {r}.order_id"
_ITSELF: Final = "SELECT {r}.rid WHERE 1"
ORDERS: Final = Subject(
    "order",
    "orders",
    with_initials=False,
    feeders=(
        Feeder("orders", ("no", "state", "delivery_kind", "placed_at", "total_fen"), _ITSELF),
        Feeder("order_contacts", ("name", "phone", "address"), _OF_ORDER),
        Feeder("order_lines", ("title", "spec_text", "code", "barcode"), _OF_ORDER),
        Feeder("parcels", ("waybill_no",), _OF_ORDER),
    ),
    read=_order_documents,
    in_order=f"SELECT o.rid, {_PLACE_OF_ORDER} FROM orders o ORDER BY o.placed_at, o.rid",
)
PRODUCTS: Final = Subject(
    "product",
    "products",
    with_initials=True,
    feeders=(
        Feeder("products", ("title", "state", "category_id"), _ITSELF),
        Feeder(
            "skus", ("code", "barcode", "spec_key", "product_id"), "SELECT rid FROM products WHERE id = {r}.product_id"
        ),
        Feeder("categories", ("name",), "SELECT rid FROM products WHERE category_id = {r}.id"),
    ),
    read=_product_documents,
    in_order=f"SELECT p.rid, {_PLACE_OF_PRODUCT} FROM products p ORDER BY p.rid",
)
SUBJECTS: Final = (ORDERS, PRODUCTS)
