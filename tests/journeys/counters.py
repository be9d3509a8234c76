"""Counters of a shop as a journey needs them: real desktops without their windows, over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from app.desk import goods, queries
from app.desk.assembly import Desktop
from app.desk.plan import ChildConfig, Plan, child_command
from app.desk.runner import Done
from app.desk.secrets import FileSecrets
from app.desk.session import OnDuty
from app.desk.status import Link
from app.desk.threads import Query
from app.domain.command import Command
from app.domain.permission import Role
from app.kernel.clock import SystemClock
from app.kernel.ids import IdSource
from tests.architecture.tree import ROOT
from tests.support.waiting import until

T = TypeVar("T")
PATIENCE_S = 30.0


class Counter:
    """A desktop with somebody on duty."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.desktop = Desktop(plan, FileSecrets(plan.folder / "secrets.json"), SystemClock(), IdSource())
        self.desktop.start()

    def is_online(self) -> bool:
        return self.desktop.status.link is Link.ONLINE

    def is_offline(self) -> bool:
        return self.desktop.status.link is Link.OFFLINE

    def comes_online(self) -> None:
        until(self.is_online, f"{self.plan.device_name} is online", PATIENCE_S)
        until(lambda: self.desktop.desk.on_duty is not None, f"{self.plan.device_name} knows who is on duty")

    def takes_duty(self, name: str) -> None:
        staff_id, found, role = next(person for person in self.ask(queries.staff()) if person[1] == name)
        self.desktop.take_duty(OnDuty(staff_id, found, Role(role)))

    def ask(self, query: Query[T]) -> T:
        return self.desktop.desk.query(query).result(PATIENCE_S)

    def do(self, command: Command) -> str:
        """Give a command that is accepted here and now; answers its id."""
        outcome = self.desktop.desk.perform(command).result(PATIENCE_S)
        assert isinstance(outcome, Done), outcome
        return outcome.command_id

    def product(self, words: str) -> goods.ProductDetail:
        found = self.ask(goods.product_list(goods.ProductFilter(words=words)))
        detail = self.ask(goods.product_at(found.rowids[0]))
        assert detail is not None
        return detail

    def order(self, order_id: str) -> queries.OrderDetail | None:
        return self.ask(queries.order_detail(order_id))

    def order_state(self, order_id: str) -> str:
        seen = self.order(order_id)
        return "" if seen is None else str(seen.order.state)

    def waiting(self) -> int:
        return self.ask(queries.sync_overview()).waiting_count

    def open_issues(self) -> list[queries.SyncIssue]:
        return [i for i in self.ask(queries.sync_overview()).issues if i.resolved_at is None]

    def differing(self) -> tuple[str, ...]:
        return self.desktop.compare().result(PATIENCE_S)

    def close(self) -> None:
        self.desktop.close()


def first_plan(folder: Path, route: Callable[[str], str] = lambda url: url) -> Plan:
    """The counter that brings the demo shop's service along as its child."""
    service = folder / "service"
    child = ChildConfig(child_command(ROOT / "main.py", service), service, 0, {"is_demo": True})
    return Plan(folder / "counter-1", "柜台一", child, route=route)


@contextmanager
def two_counters(
    folder: Path, routes: tuple[Callable[[str], str], Callable[[str], str]]
) -> Iterator[tuple[Counter, Counter]]:
    """The first brings the service along, the second joins it with a code; each takes its own route there."""
    with closing(Counter(first_plan(folder, routes[0]))) as one:
        one.comes_online()
        code = one.desktop.enrolment_code()
        plan = Plan(folder / "counter-2", "柜台二", None, one.desktop.service_url, code, route=routes[1])
        with closing(Counter(plan)) as two:
            two.comes_online()
            two.takes_duty("陈子墨")
            yield one, two


def local_rows(counter: Counter, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """What stands in this counter's own tables."""
    return counter.ask(lambda connection: connection.execute(sql, params).fetchall())
