"""What others do on this kind of machine (two cores, PostgreSQL 15, a server process each), to stand beside ours.

Measured on another day with 1,000 products of three variants: Vendure 3.7.3 (server, worker, dummy payment that settles
at once; eight requests an order) and Saleor 3.24.0-a.0 (one worker; eight requests an order). A bare list or order of
theirs and ours are not the same work, so these stand beside our figures and no ratio is made of them but the one that
its row names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """One figure of a peer; ``beside`` is how our own rows about the same thing begin."""

    name: str
    what: str
    value: float
    unit: str
    beside: str


PEERS = (
    Peer("Vendure", "orders a second, 8 buyers at once", 6.7, "1/s", "complete checkouts"),
    Peer("Vendure", "orders a second, 32 buyers at once", 5.7, "1/s", "complete checkouts"),
    Peer("Saleor", "orders a second, 8 buyers at once", 0.9, "1/s", "complete checkouts"),
    Peer("Saleor", "orders a second, 32 buyers at once", 0.9, "1/s", "complete checkouts"),
    Peer("Vendure", "median checkout, 8 buyers at once", 1149, "ms", "p99 of a checkout"),
    Peer("Saleor", "median checkout, 8 buyers at once", 9121, "ms", "p99 of a checkout"),
    Peer("Vendure", "pieces sold of 50 to 200 buyers at once", 200, "pieces", "flash sale"),
    Peer("Saleor", "pieces sold of 50 to 200 buyers at once", 181, "pieces", "flash sale"),
    Peer("Vendure", "server memory after load, at least", 290, "MB", "memory after load"),
    Peer("Saleor", "server memory after load, at least", 293, "MB", "memory after load"),
    Peer("Vendure", "start to first answer, best of three", 2.9, "s", "start to first answer"),
    Peer("Saleor", "start to first answer, best of three", 8.5, "s", "start to first answer"),
    Peer("SQLite LIKE", "a three-sign name in 1,000,000 orders", 594, "ms", "search"),
    Peer("SQLite FTS5 trigram", "a full order number in 1,000,000 orders, p99", 89, "ms", "search"),
    Peer("SQLite FTS5 trigram", "an 11-digit phone in 1,000,000 orders, p99", 17.4, "ms", "search"),
    Peer("reportlab and qrcode", "labels a second, one process", 226, "1/s", "labels a second"),
)
