"""What jobs about money need: the shop's store and writer, and WeChat Pay if the shop has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from services.adapters.wechat_pay.gateway import PaymentGateway
from services.authority import jobs
from services.authority.executor import Executor
from services.authority.lanes import Lane
from services.authority.submission import Answer, Intent
from services.db.engine import Store

MOST_AT_ONCE = 200


class NotYet(KnownError):
    """The outside has not come to an end with it: to be asked again later."""

    def __init__(self, what: str) -> None:
        super().__init__("outside.not_yet", "{what} has not come to its end yet.", {"what": what})


@dataclass(frozen=True, slots=True)
class Outside:
    """``pay`` is None until the shop's credentials are set."""

    store: Store
    executor: Executor
    clock: Clock
    pay: PaymentGateway | None

    def decide(self, intents: Sequence[Intent]) -> list[Answer]:
        """Hand all over at once and wait for their commits."""
        futures = [self.executor.submit(intent, Lane.BULK) for intent in intents]
        return [future.result() for future in futures]

    def ids(self, sql: str, *params: Any) -> list[str]:
        """The first column of a bounded question; ``?`` stands for a parameter."""
        with self.store.reading() as database:
            asked = f"{sql.replace('?', database.mark)} LIMIT {MOST_AT_ONCE}"
            return [str(record[0]) for record in database.execute(asked, params).fetchall()]

    def enqueue(self, kind: str, sql: str, *params: Any) -> None:
        """One job for each thing that ``sql`` finds and that never had one."""
        has_none = f"NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.key = '{kind}:' || found.id)"
        ids = self.ids(f"SELECT found.id FROM ({sql}) AS found WHERE {has_none} ORDER BY found.id", *params)
        now = self.clock.now()

        def write(database: Any) -> None:
            for one in ids:
                jobs.enqueue(database, kind, f"{kind}:{one}", {"id": one}, now)

        if ids:
            self.executor.chore(write, Lane.BULK).result()
