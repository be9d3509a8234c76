"""The overview in words: what each card, row and cell says, and where it leads. Without Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.desk.figures import NewOrder, ShopOverview, Task, TaskKind
from app.desk.queries import OrderFilter
from app.domain.insight import rules
from app.domain.insight.model import SoldDay
from app.domain.money import money_text
from app.domain.orders.model import SHIPPABLE, DeliveryKind
from app.kernel.i18n import tr
from app.printing.masking import mask_name
from ui.pages.dashboard import wording
from ui.pages.dashboard.wording import Tone

ORDERS, PICKUP, PRODUCTS, ISSUES = "orders", "pickup", "products", "issues"
TO_SHIP = ",".join(SHIPPABLE)


@dataclass(frozen=True, slots=True)
class Target:
    """A page, and which of its rows: an order's id, a filter, or nothing in particular."""

    page: str
    row: object = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that add up to a figure."""

    title: str
    figure: str
    target: Target


@dataclass(frozen=True, slots=True)
class Figure:
    """A card: its parts add up to it; ``change`` compares it with what stands in ``note``."""

    key: str
    title: str
    figure: str
    target: Target
    parts: tuple[Part, ...] = ()
    change: str = ""
    is_less: bool = False
    note: str = ""
    course: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskRow:
    kind: TaskKind
    left: str
    tone: Tone
    icon: str
    title: str
    note: str
    verb: str
    target: Target


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day of the chart; ``text`` is what it says when it is pointed at."""

    label: str
    value: int
    text: str
    target: Target


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Thirty days, of money or, for who may not see that, of orders."""

    title: str
    days: tuple[DayPoint, ...]
    first: int
    average: int | None
    average_text: str
    total_text: str
    most_text: str
    last_text: str
    is_money: bool

    def spoken(self) -> str:
        parts = (self.title, self.total_text, self.average_text, self.most_text, self.last_text)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class HeatChart:
    """Orders by weekday and hour; ``busiest_text`` is empty where nothing was sold in these weeks."""

    cells: tuple[tuple[int, ...], ...]
    busiest: tuple[int, int] | None
    busiest_text: str
    total_text: str
    target_of: Callable[[int, int], Target]

    def spoken(self) -> str:
        return ", ".join(part for part in (tr("Busy hours"), self.busiest_text, self.total_text) if part)


@dataclass(frozen=True, slots=True)
class NewRow:
    order_id: str
    title: str
    pieces: str
    second: str
    delivery: str
    amount: str
    state: str
    tone: Tone
    time: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page. ``is_new`` where nobody has ever ordered, ``is_here`` false while the shop has not come here."""

    figures: tuple[Figure, ...]
    tasks: tuple[TaskRow, ...]
    month: MonthChart
    heat: HeatChart
    newest: tuple[NewRow, ...]
    is_new: bool
    is_here: bool
    on_sale_count: int


_ICONS: Mapping[TaskKind, str] = {
    TaskKind.ISSUES: "issue",
    TaskKind.DISPATCH: "courier",
    TaskKind.SHIP: "shipping",
    TaskKind.PREPARE: "products",
    TaskKind.EXPIRING: "wait",
    TaskKind.UNPAID: "settlement",
    TaskKind.LOW_STOCK: "stock",
}


def board(shown: ShopOverview, now: datetime, *, sees_money: bool) -> Board:
    money_card = (_money_figure(shown),) if sees_money else ()
    figures = (*money_card, _count_figure(shown), _ship_figure(shown), _collect_figure(shown))
    return Board(
        figures=figures if shown.is_here else tuple(map(_unknown, figures)),
        tasks=tuple(_task_row(task, shown, now) for task in shown.tasks),
        month=_month(shown, now, sees_money=sees_money),
        heat=_heat(shown),
        newest=tuple(_new_row(order, shown, now) for order in shown.newest),
        is_new=shown.is_here and not shown.newest,
        is_here=shown.is_here,
        on_sale_count=shown.on_sale_count,
    )


# Figures


def _unknown(figure: Figure) -> Figure:
    """A figure that nobody knows is a dash: a nought would be a claim."""
    return Figure(figure.key, figure.title, "—", figure.target)


def _paid_on(shown: ShopOverview, day: SoldDay | None = None) -> Target:
    on = day.on if day is not None else shown.today.on
    zone = shown.calendar.zone
    span = (
        shown.calendar.start_of(on).astimezone(zone),
        shown.calendar.start_of(on + timedelta(days=1)).astimezone(zone),
    )
    return Target(ORDERS, OrderFilter(paid=(span,)))


def _money_figure(shown: ShopOverview) -> Figure:
    today, per_mille = shown.today, shown.today.change_per_mille
    day = wording.full_weekday(today.on.weekday())
    return Figure(
        key="money",
        title=tr("Takings today"),
        figure=money_text(today.sold_fen),
        target=_paid_on(shown),
        change="" if per_mille is None else wording.change(per_mille),
        is_less=per_mille is not None and per_mille < 0,
        note=tr("against last {weekday}, same time", weekday=day)
        if per_mille is not None
        else tr("nothing last {weekday} until now", weekday=day),
        course=today.course_fen,
    )


def _count_figure(shown: ShopOverview) -> Figure:
    """Its parts are the ways of delivery that the shop's orders of today take."""
    target = _paid_on(shown)
    kinds = [kind for kind in DeliveryKind if shown.today.by_delivery.get(kind)]
    unknown = sorted(set(shown.today.by_delivery) - set(DeliveryKind))
    parts = tuple(_part(kind, shown.today.by_delivery[kind], _of_kind(target, kind)) for kind in [*kinds, *unknown])
    return Figure("count", tr("Orders paid today"), wording.order_count(shown.today.order_count), target, parts)


def _ship_figure(shown: ShopOverview) -> Figure:
    target = Target(ORDERS, OrderFilter(TO_SHIP))
    counts = shown.to_ship
    shown_kinds = [kind for kind in (DeliveryKind.EXPRESS, DeliveryKind.LOCAL) if counts.get(kind)]
    unknown = sorted(set(counts) - set(DeliveryKind))
    parts = tuple(_part(kind, counts[kind], _of_kind(target, kind)) for kind in [*shown_kinds, *unknown])
    return Figure("ship", tr("To ship"), wording.order_count(sum(counts.values())), target, parts)


def _of_kind(target: Target, kind: str) -> Target:
    wanted = target.row
    if not isinstance(wanted, OrderFilter):
        return target
    return Target(target.page, replace(wanted, delivery_kind=kind))


def _part(kind: str, count: int, target: Target) -> Part:
    return Part(wording.short_delivery_word(kind), f"{count:,}", target)


def _collect_figure(shown: ShopOverview) -> Figure:
    ready, preparing = shown.to_collect.get("ready", 0), shown.to_collect.get("preparing", 0)
    target = Target(PICKUP)
    parts = (
        Part(tr("Ready"), f"{ready:,}", target),
        Part(tr("To prepare"), f"{preparing:,}", target),
    )
    figure = wording.order_count(ready + preparing)
    return Figure("collect", tr("To collect"), figure, target, parts if ready + preparing else ())


# Tasks


def _task_row(task: Task, shown: ShopOverview, now: datetime) -> TaskRow:
    left = None if task.due_at is None else task.due_at - now
    return TaskRow(
        kind=task.kind,
        left=wording.time_left(left),
        tone=wording.pill_tone(left),
        icon=_ICONS[task.kind],
        title=wording.task_title(task),
        note=wording.task_note(task, lambda at: at.astimezone(shown.calendar.zone), now),
        verb=wording.task_verb(task.kind),
        target=_task_target(task.kind),
    )


def _task_target(kind: TaskKind) -> Target:
    return {
        TaskKind.ISSUES: Target(ISSUES),
        TaskKind.DISPATCH: Target(ORDERS, OrderFilter(TO_SHIP, delivery_kind=DeliveryKind.LOCAL)),
        TaskKind.SHIP: Target(ORDERS, OrderFilter(TO_SHIP, delivery_kind=DeliveryKind.EXPRESS)),
        TaskKind.PREPARE: Target(PICKUP),
        TaskKind.EXPIRING: Target(PICKUP),
        TaskKind.UNPAID: Target(ORDERS, OrderFilter("unpaid")),
        TaskKind.LOW_STOCK: Target(PRODUCTS),
    }[kind]


# Charts


def _month(shown: ShopOverview, now: datetime, *, sees_money: bool) -> MonthChart:
    say = money_text if sees_money else wording.order_count
    month = shown.month
    values = [day.net_fen if sees_money else day.order_count for day in month.days]
    first = len(values) - 1 - month.whole_days
    average = month.average_fen if sees_money else month.average_count
    complete = range(first, len(values) - 1)
    most = max(complete, key=lambda place: values[place], default=None)
    time = f"{now.astimezone(shown.calendar.zone):%H:%M}"
    count = wording.order_count(month.order_count)
    return MonthChart(
        title=tr("Takings, 30 days") if sees_money else tr("Orders, 30 days"),
        days=tuple(_day(day, value, say, _paid_on(shown, day)) for day, value in zip(month.days, values, strict=True)),
        first=first,
        average=average,
        average_text="" if average is None else _average_text(month.whole_days, say(average)),
        total_text=tr("{amount} · {count} in all", amount=money_text(month.total_fen), count=count)
        if sees_money
        else tr("{count} in all", count=count),
        most_text=""
        if most is None or values[most] <= 0
        else tr("Most {day} {amount}", day=f"{month.days[most].on:%m-%d}", amount=say(values[most])),
        last_text=tr("until {time} {amount}", time=time, amount=say(values[-1])),
        is_money=sees_money,
    )


def _average_text(days: int, amount: str) -> str:
    if days == 1:
        return tr("The day before {amount}", amount=amount)
    return tr("{days}-day average {amount}", days=days, amount=amount)


def _day(day: SoldDay, value: int, say: Callable[[int], str], target: Target) -> DayPoint:
    lines = [f"{day.on:%m-%d} {wording.weekday(day.on.weekday())}", say(value)]
    if say is money_text:
        lines.append(wording.order_count(day.order_count))
    return DayPoint(f"{day.on:%m-%d}", value, "\n".join(lines), target)


def _heat(shown: ShopOverview) -> HeatChart:
    week = shown.week

    def target_of(weekday: int, hour: int) -> Target:
        return Target(ORDERS, OrderFilter(paid=rules.spans_of((weekday, hour), week, shown.calendar)))

    busiest = week.busiest
    return HeatChart(
        cells=week.cells,
        busiest=busiest,
        busiest_text="" if busiest is None else busiest_text(week.cells, busiest),
        total_text=tr("{weeks} weeks, {count}", weeks=week.weeks, count=wording.order_count(week.total)),
        target_of=target_of,
    )


def busiest_text(cells: Sequence[Sequence[int]], cell: tuple[int, int]) -> str:
    weekday, hour = cell
    return tr(
        "Busiest {weekday} {hour}:00, {count}",
        weekday=wording.weekday(weekday),
        hour=hour,
        count=f"{cells[weekday][hour]:,}",
    )


def cell_text(weekday: int, hour: int, count: int) -> str:
    """What a cell says when it is pointed at: 周六 20 时 · 69 笔."""
    return tr(
        "{weekday} {hour}:00 · {count}",
        weekday=wording.weekday(weekday),
        hour=hour,
        count=wording.order_count(count),
    )


# Newest


def _new_row(order: NewOrder, shown: ShopOverview, now: datetime) -> NewRow:
    placed, today = order.placed_at.astimezone(shown.calendar.zone), shown.today.on
    title = order.title
    if order.line_count > 1:
        title = tr("{title} +{count}", title=order.title, count=order.line_count - 1)
    parts = [order.no, mask_name(order.receiver) if order.receiver else ""]
    return NewRow(
        order_id=order.order_id,
        title=title,
        pieces=f"×{order.piece_count}",
        second=" · ".join(part for part in parts if part),
        delivery=wording.short_delivery_word(order.delivery_kind),
        amount=money_text(order.total_fen),
        state=wording.state_word(order.state, order.delivery_kind),
        tone=wording.state_tone(order.state, order.delivery_kind),
        time=f"{placed:%H:%M}" if placed.date() == today else f"{placed:%m-%d}",
        sha256=order.sha256,
    )
