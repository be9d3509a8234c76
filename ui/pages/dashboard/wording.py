"""The words of the overview, without Qt."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from app.desk.figures import Task, TaskKind
from app.desk.wording import word
from app.kernel.i18n import language, tr

Tone: TypeAlias = Literal["green", "amber", "red", "blue", "violet", "teal", "grey"]
SOON = timedelta(minutes=30)
TODAY = timedelta(hours=2)
TO_COLLECT = ("paid", "pickup")
_TONES: dict[str, Tone] = {
    "unpaid": "amber",
    "paid": "blue",
    "partly_shipped": "teal",
    "shipped": "violet",
    "completed": "green",
}


def weekday(day: int) -> str:
    """Monday is 0."""
    return (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))[day]


def full_weekday(day: int) -> str:
    names = (tr("Monday"), tr("Tuesday"), tr("Wednesday"), tr("Thursday"), tr("Friday"), tr("Saturday"), tr("Sunday"))
    return names[day]


def day_line(here: datetime) -> str:
    """11 月 23 日 周一 · 17:20."""
    if language() == "zh_CN":
        return tr(
            "{month}/{day}, {weekday} · {time}",
            month=here.month,
            day=here.day,
            weekday=weekday(here.weekday()),
            time=f"{here:%H:%M}",
        )
    return f"{here.day} {here:%B} · {full_weekday(here.weekday())} · {here:%H:%M}"


def order_count(count: int) -> str:
    return tr("{orders} order", orders=count) if count == 1 else tr("{orders} orders", orders=f"{count:,}")


def hour(number: int) -> str:
    return tr("{hour}:00", hour=number)


def time_left(left: timedelta | None) -> str:
    """How long is left until something is too late; begun minutes count as whole ones."""
    if left is None:
        return tr("No deadline")
    minutes = -((-abs(left)) // timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    hours, minute = divmod(rest, 60)
    if days:
        span = tr("{days} d {hours} h", days=days, hours=hours)
    elif hours:
        span = tr("{hours} h {minutes} min", hours=hours, minutes=f"{minute:02}")
    else:
        span = tr("{minutes} min", minutes=minute)
    return tr("{span} left", span=span) if left >= timedelta() else tr("{span} late", span=span)


def age(span: timedelta) -> str:
    """How long something has been waiting, in its largest unit."""
    minutes = max(1, span // timedelta(minutes=1))
    if minutes >= 48 * 60:
        return tr("{days} days", days=minutes // (24 * 60))
    if minutes >= 120:
        return tr("{hours} h", hours=minutes // 60)
    return tr("{minutes} min", minutes=minutes)


def pill_tone(left: timedelta | None) -> Tone:
    if left is None or left >= TODAY:
        return "grey"
    return "red" if left < SOON else "amber"


def task_title(task: Task) -> str:
    one, several = _TITLES[task.kind]
    return one() if task.count == 1 else several(task.count)


def task_note(task: Task, here: Callable[[datetime], datetime], now: datetime) -> str:
    """What happens when the time is over, or how long it has been waiting; ``here`` tells the shop's own time."""
    if task.kind is TaskKind.ISSUES:
        return word(task.subject) if task.subject else tr("Two sides changed the same thing; a person decides")
    if task.kind is TaskKind.LOW_STOCK:
        return _stock_note(task)
    if task.closes_at is not None:
        return tr("The first closes by itself at {time}", time=moment(here(task.closes_at), here(now)))
    if task.due_at is not None:
        return _DUE_NOTES[task.kind](moment(here(task.due_at), here(now)))
    if task.since_at is not None:
        return tr("The oldest has been waiting for {age}", age=age(now - task.since_at))
    return ""


def _stock_note(task: Task) -> str:
    if task.qty <= 0:
        return tr("{title} is sold out", title=task.subject)
    if task.qty == 1:
        return tr("1 left of {title}", title=task.subject)
    return tr("{count} left of {title}", count=task.qty, title=task.subject)


def task_verb(kind: TaskKind) -> str:
    return {
        TaskKind.ISSUES: lambda: tr("Decide"),
        TaskKind.DISPATCH: lambda: tr("Send out"),
        TaskKind.SHIP: lambda: tr("Ship now"),
        TaskKind.PREPARE: lambda: tr("Prepare"),
        TaskKind.EXPIRING: lambda: tr("Look"),
        TaskKind.UNPAID: lambda: tr("Look"),
        TaskKind.LOW_STOCK: lambda: tr("See stock"),
    }[kind]()


def moment(at: datetime, now: datetime) -> str:
    """18:00 today, 11-25 14:20 otherwise."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%m-%d %H:%M}"


def state_word(state: str, delivery_kind: str = "") -> str:
    """An order's state on screen; that of a newer service is named as it is."""
    if (state, delivery_kind) == TO_COLLECT:
        return tr("To collect")
    words = {
        "unpaid": tr("Unpaid"),
        "paid": tr("To ship"),
        "partly_shipped": tr("Partly shipped"),
        "shipped": tr("Shipped"),
        "completed": tr("Completed"),
        "cancelled": tr("Cancelled"),
        "closed": tr("Closed unpaid"),
    }
    return words.get(state) or word(state)


def state_tone(state: str, delivery_kind: str = "") -> Tone:
    if (state, delivery_kind) == TO_COLLECT:
        return "teal"
    return _TONES.get(state, "grey")


def delivery_word(kind: str) -> str:
    return {"express": tr("Express"), "pickup": tr("Pickup"), "local": tr("Local delivery")}.get(kind, kind)


def short_delivery_word(kind: str) -> str:
    return tr("Local") if kind == "local" else delivery_word(kind)


def change(per_mille: int) -> str:
    """▼ 10.8%, with its arrow: never colour alone."""
    whole, tenth = divmod(abs(per_mille), 10)
    arrow = "▲" if per_mille > 0 else "▼" if per_mille < 0 else ""
    return f"{arrow} {whole:,}.{tenth}%".strip()


_TITLES: Mapping[TaskKind, tuple[Callable[[], str], Callable[[int], str]]] = {
    TaskKind.ISSUES: (
        lambda: tr("1 issue needs your decision"),
        lambda n: tr("{count} issues need your decision", count=n),
    ),
    TaskKind.DISPATCH: (
        lambda: tr("1 local delivery has not left"),
        lambda n: tr("{count} local deliveries have not left", count=n),
    ),
    TaskKind.SHIP: (
        lambda: tr("1 express order to ship"),
        lambda n: tr("{count} express orders to ship", count=f"{n:,}"),
    ),
    TaskKind.PREPARE: (
        lambda: tr("1 pickup to prepare"),
        lambda n: tr("{count} pickups to prepare", count=n),
    ),
    TaskKind.EXPIRING: (
        lambda: tr("1 pickup expires soon"),
        lambda n: tr("{count} pickups expire soon", count=n),
    ),
    TaskKind.UNPAID: (
        lambda: tr("1 order not paid yet"),
        lambda n: tr("{count} orders not paid yet", count=n),
    ),
    TaskKind.LOW_STOCK: (
        lambda: tr("1 article is running out"),
        lambda n: tr("{count} articles are running out", count=n),
    ),
}
_DUE_NOTES: Mapping[TaskKind, Callable[[str], str]] = {
    TaskKind.DISPATCH: lambda at: tr("The first was promised by {time}", time=at),
    TaskKind.PREPARE: lambda at: tr("The first buyer comes at {time}", time=at),
    TaskKind.EXPIRING: lambda at: tr("The first code ends at {time}", time=at),
}
