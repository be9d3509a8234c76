"""Whether a shop's books explain every fen and every piece: each figure is reached in two ways that must agree."""

from dataclasses import dataclass

from app.tables.statements import Database

MOST_PER_RULE = 20
"""More of one kind say nothing new to who looks for the cause."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``told`` is a figure as it is kept, ``explained`` the same figure from the entries that led to it.

    Both answer rows of ``what``, whose figure it is, and ``figure``; several rows of one are added up.
    """

    name: str
    told: str
    explained: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure that its entries do not explain."""

    rule: str
    what: str
    told: int
    explained: int


_BOOKED = "SELECT id, order_id, amount_fen, state FROM payments WHERE state IN ('paid', 'surplus')"
_GONE = (
    "SELECT r.id, r.payment_id, r.order_id, r.amount_fen, p.state AS payment_state"
    " FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.state = 'succeeded'"
)

MONEY = (
    Rule(
        "what WeChat holds is what was paid less what went back",
        "SELECT 'wechat' AS what, fen AS figure FROM transfers WHERE debit = 'wechat'"
        " UNION ALL SELECT 'wechat', -fen FROM transfers WHERE credit = 'wechat'",
        f"SELECT 'wechat' AS what, amount_fen AS figure FROM ({_BOOKED}) b"
        f" UNION ALL SELECT 'wechat', -amount_fen FROM ({_GONE}) g",
    ),
    Rule(
        "sales are what orders were paid less what was refunded of them",
        "SELECT 'sales' AS what, fen AS figure FROM transfers WHERE credit = 'sales'"
        " UNION ALL SELECT 'sales', -fen FROM transfers WHERE debit = 'sales'",
        "SELECT 'sales' AS what, paid_fen AS figure FROM orders UNION ALL SELECT 'sales', -refunded_fen FROM orders",
    ),
    Rule(
        "what is owed to buyers is what they paid too much and did not get back",
        "SELECT 'owed' AS what, fen AS figure FROM transfers WHERE credit = 'owed'"
        " UNION ALL SELECT 'owed', -fen FROM transfers WHERE debit = 'owed'",
        "SELECT 'owed' AS what, amount_fen - refunded_fen AS figure FROM payments WHERE state = 'surplus'",
    ),
    Rule(
        "the accounts together are nothing",
        "SELECT 'books' AS what, fen AS figure FROM transfers WHERE debit IN ('wechat', 'sales', 'owed')"
        " UNION ALL SELECT 'books', -fen FROM transfers WHERE credit IN ('wechat', 'sales', 'owed')",
        "SELECT 'books' AS what, 0 AS figure",
    ),
    Rule(
        "a payment is one entry of its amount",
        "SELECT ref_id AS what, fen AS figure FROM transfers WHERE ref_kind = 'payment'",
        f"SELECT id AS what, amount_fen AS figure FROM ({_BOOKED}) b",
    ),
    Rule(
        "a refund is one entry of its amount",
        "SELECT ref_id AS what, fen AS figure FROM transfers WHERE ref_kind = 'refund'",
        f"SELECT id AS what, amount_fen AS figure FROM ({_GONE}) g",
    ),
    Rule(
        "an entry belongs to a payment or a refund",
        "SELECT id AS what, 1 AS figure FROM transfers",
        "SELECT id AS what, 1 AS figure FROM transfers WHERE ref_kind IN ('payment', 'refund')",
    ),
    Rule(
        "a payment knows what went back of it",
        "SELECT id AS what, refunded_fen AS figure FROM payments",
        f"SELECT payment_id AS what, amount_fen AS figure FROM ({_GONE}) g",
    ),
    Rule(
        "a payment knows what is on its way back",
        "SELECT id AS what, refunding_fen AS figure FROM payments",
        "SELECT payment_id AS what, amount_fen AS figure FROM refunds WHERE state = 'requested'",
    ),
    Rule(
        "an order is paid by its payments",
        "SELECT id AS what, paid_fen AS figure FROM orders",
        "SELECT order_id AS what, amount_fen AS figure FROM payments WHERE state = 'paid'",
    ),
    Rule(
        "an order is paid its total or nothing",
        "SELECT id AS what, paid_fen AS figure FROM orders",
        "SELECT id AS what, total_fen AS figure FROM orders WHERE state NOT IN ('unpaid', 'closing', 'closed')",
    ),
    Rule(
        "an order is refunded by its refunds",
        "SELECT id AS what, refunded_fen AS figure FROM orders",
        f"SELECT order_id AS what, amount_fen AS figure FROM ({_GONE}) g WHERE payment_state = 'paid'",
    ),
    Rule(
        "an order costs its lines and its freight",
        "SELECT id AS what, total_fen AS figure FROM orders",
        "SELECT order_id AS what, paid_fen AS figure FROM order_lines UNION ALL SELECT id, freight_fen FROM orders",
    ),
    Rule(
        "a line costs its pieces less its discount",
        "SELECT id AS what, paid_fen AS figure FROM order_lines",
        "SELECT id AS what, list_fen * qty - discount_fen AS figure FROM order_lines",
    ),
    Rule(
        "a line's discount is what the rules took off",
        "SELECT id AS what, discount_fen AS figure FROM order_lines",
        "SELECT line_id AS what, fen AS figure FROM order_discounts",
    ),
    Rule(
        "a line is refunded by the parts of refunds",
        "SELECT id AS what, refunded_fen AS figure FROM order_lines",
        f"SELECT l.order_line_id AS what, l.fen AS figure FROM refund_lines l JOIN ({_GONE}) g ON g.id = l.refund_id",
    ),
    Rule(
        "a used coupon belongs to one order that has not ended",
        "SELECT id AS what, 1 AS figure FROM coupons WHERE state = 'used'",
        "SELECT p.coupon_id AS what, 1 AS figure FROM order_prices p JOIN orders o ON o.id = p.order_id"
        " WHERE p.coupon_id <> '' AND o.state <> 'closed'"
        " AND NOT (o.state = 'cancelled' AND o.refunded_fen = o.paid_fen)",
    ),
)
_PLACE = "sku_id || '@' || location_id"
STOCK = (
    Rule(
        "stock is the sum of its movements",
        f"SELECT {_PLACE} AS what, on_hand_qty AS figure FROM stock_levels",
        f"SELECT {_PLACE} AS what, delta_qty AS figure FROM stock_movements",
    ),
    Rule(
        "what is promised is what orders hold and has not left",
        f"SELECT {_PLACE} AS what, reserved_qty AS figure FROM stock_levels",
        "SELECT r.sku_id || '@' || r.location_id AS what, r.qty - l.shipped_qty AS figure"
        " FROM reservations r JOIN order_lines l ON l.id = r.order_line_id WHERE r.state = 'held'",
    ),
    Rule(
        "what is short is what was promised and is not there",
        f"SELECT {_PLACE} AS what, short_qty AS figure FROM stock_levels",
        f"SELECT {_PLACE} AS what, reserved_qty - on_hand_qty AS figure FROM stock_levels"
        " WHERE reserved_qty > on_hand_qty",
    ),
    Rule(
        "a line holds its pieces once",
        "SELECT l.id AS what, l.qty AS figure FROM order_lines l"
        " LEFT JOIN reservations r ON r.order_line_id = l.id WHERE r.state IS NULL OR r.state <> 'released'",
        "SELECT r.order_line_id AS what, r.qty AS figure FROM reservations r"
        " JOIN order_lines l ON l.id = r.order_line_id AND l.sku_id = r.sku_id WHERE r.state <> 'released'"
        " UNION ALL SELECT b.order_line_id, b.unsent_qty FROM refund_lines b"
        f" JOIN ({_GONE}) g ON g.id = b.refund_id JOIN reservations r ON r.order_line_id = b.order_line_id"
        " WHERE r.state <> 'released'",
    ),
    Rule(
        "an order that waits for its payment holds its pieces, and a closed one has given them back",
        "SELECT l.id AS what, 1 AS figure FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " WHERE o.state IN ('unpaid', 'closing')",
        "SELECT l.id AS what, 1 AS figure FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " JOIN reservations r ON r.order_line_id = l.id"
        " WHERE o.state IN ('unpaid', 'closing', 'closed') AND r.state = 'held'",
    ),
)
RULES = (*MONEY, *STOCK)


def findings(database: Database, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    """Everything that does not add up, at one instant; an empty list is the good news."""
    return [finding for rule in rules for finding in _broken(database, rule)]


def balances(database: Database) -> dict[str, int]:
    """What stands on each account, debits less credits; together they are nothing."""
    records = database.execute(
        "SELECT account, SUM(fen) FROM (SELECT debit AS account, fen FROM transfers"
        " UNION ALL SELECT credit, -fen FROM transfers) AS entries GROUP BY account ORDER BY account"
    ).fetchall()
    return {str(account): int(fen) for account, fen in records}


def _broken(database: Database, rule: Rule) -> list[Finding]:
    records = database.execute(
        "SELECT what, SUM(told), SUM(explained) FROM"
        f" (SELECT t.what, t.figure AS told, 0 AS explained FROM ({rule.told}) AS t"
        f" UNION ALL SELECT e.what, 0, e.figure FROM ({rule.explained}) AS e) AS figures"
        f" GROUP BY what HAVING SUM(told) <> SUM(explained) ORDER BY what LIMIT {MOST_PER_RULE}"
    ).fetchall()
    return [Finding(rule.name, str(what), int(told), int(explained)) for what, told, explained in records]
