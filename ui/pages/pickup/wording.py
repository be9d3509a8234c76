"""The small words of the pickup page, without Qt."""

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.kernel.i18n import tr
from app.kernel.zone import local

if TYPE_CHECKING:
    from app.desk.pickup import Expected

_SLOT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})-(\d{2}:\d{2})")


def clock(at: datetime) -> str:
    """17:11 on this computer's clock."""
    return local(at).strftime("%H:%M")


def moment(at: datetime, now: datetime) -> str:
    """今天 14:32, 昨天 14:32, or the day of another one."""
    here = local(at)
    return f"{day(here.date(), local(now).date())} {here.strftime('%H:%M')}"


def day(on: date, today: date) -> str:
    words = {0: tr("today"), 1: tr("tomorrow"), -1: tr("yesterday")}
    return words.get((on - today).days) or on.strftime("%m-%d" if on.year == today.year else "%Y-%m-%d")


def slot(text: str, today: date) -> str:
    """When somebody means to come: 17:30 today, 明天 10:00 on another day, and any time without a slot."""
    found = _SLOT.fullmatch(text)
    if found is None:
        return text or tr("any time")
    on = date.fromisoformat(found[1])
    if on == today:
        return found[2]
    name = tr("tomorrow") if on == today + timedelta(days=1) else on.strftime("%m-%d")
    return f"{name} {found[2]}"


def counter(no: int) -> str:
    return tr("Counter {no}", no=no) if no else ""


def pieces(count: int) -> str:
    return tr("1 item") if count == 1 else tr("{count} items", count=count)


def goods_of(row: "Expected") -> str:
    """3 件 · 冷萃咖啡液 10 条装 等: the count comes before what may be cut off."""
    more = tr("{title} and more", title=row.title) if row.line_count > 1 else row.title
    return f"{pieces(row.piece_count)} · {more}" if row.title else pieces(row.piece_count)


def digits(human_code: str) -> str:
    """4821 3677, as people read eight digits."""
    return f"{human_code[:4]} {human_code[4:]}"


def hours(spans: tuple[str, ...]) -> str:
    """09:00–21:30 · 22:00–23:00 with true dashes; closed without any."""
    return " · ".join(span.replace("-", "–") for span in spans) if spans else tr("closed today")
