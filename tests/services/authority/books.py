"""Are the books in order? What was acknowledged is stored, once, and the numbers have no gaps."""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from app.domain.command import Actor, Command
from app.kernel.errors import KnownError
from services.authority import commandlog
from services.authority.executor import Executor
from services.authority.submission import Answer, Intent
from services.db.engine import Store
from tests.support.shop import CLERK, intent


@dataclass(slots=True)
class Results:
    """What callers were told: command ids answered *applied*, and those that were told to ask again."""

    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def gather(intents: Sequence[Intent], futures: "Sequence[Future[Answer]]") -> Results:
    results = Results()
    for sent, future in zip(intents, futures, strict=True):
        try:
            answer = future.result(30)
        except KnownError:
            results.unknown.append(sent.command_id)
            continue
        assert answer.is_applied, answer
        results.acknowledged.append(sent.command_id)
    return results


def send(executor: Executor, commands: Iterable[Command], at: Any, actor: Actor = CLERK) -> Results:
    """Hand over all commands at once; ids follow from their arguments, so sending again is asking again."""
    intents = [intent(command, actor, at) for command in commands]
    return gather(intents, [executor.submit(one) for one in intents])


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as database:
        return [tuple(r) for r in database.execute(sql).fetchall()]


def check_numbers(store: Store) -> None:
    """Feed and log are numbered without gaps, the head stands at their ends, and the log's chain is whole."""
    numbers = [seq for (seq,) in rows(store, "SELECT seq FROM change_log ORDER BY seq")]
    places = [place for (place,) in rows(store, "SELECT position FROM command_log ORDER BY position")]
    last_seq, last_position = rows(store, "SELECT last_seq, last_position FROM feed_head")[0]
    assert numbers == list(range(1, last_seq + 1))
    assert places == list(range(1, last_position + 1))
    with store.reading() as database:
        assert commandlog.broken_link(database) is None
    levels = rows(store, "SELECT sku_id, on_hand_qty FROM stock_levels WHERE on_hand_qty <> 0 ORDER BY 1")
    sums = rows(
        store, "SELECT sku_id, sum(delta_qty) FROM stock_movements GROUP BY 1 HAVING sum(delta_qty) <> 0 ORDER BY 1"
    )
    assert [(sku, int(qty)) for sku, qty in sums] == levels


def tally(name: str, store: Store, acknowledged: Iterable[str], sent: Iterable[str]) -> set[str]:
    """Prints and checks: acknowledged ⊆ stored, and no command has its effect twice. Answers the stored ones."""
    effects = Counter(ref for (ref,) in rows(store, "SELECT ref_id FROM stock_movements WHERE ref_kind = 'command'"))
    mine = set(sent)
    stored = {ref for ref in effects if ref in mine}
    told = set(acknowledged)
    lost, doubled = told - stored, [ref for ref in stored if effects[ref] != 1]
    print(
        f"{name}: sent {len(mine)}, acknowledged {len(told)}, stored {len(stored)}, "
        f"lost {len(lost)}, doubled {len(doubled)}"
    )
    assert not lost and not doubled
    check_numbers(store)
    return stored
