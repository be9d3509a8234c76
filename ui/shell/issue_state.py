"""What the issue centre shows, as plain data; told apart from the shell's other states because most days it is empty.

Texts are in the language of the moment, times are aware.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from ui.theme.tokens import Tone
from ui.widgets.button import Kind

HistoryTone: TypeAlias = Literal["plain", "muted", "trouble"]


@dataclass(frozen=True)
class HistoryRow:
    """One step of how it went."""

    at: datetime
    who: str
    what: str
    tone: HistoryTone = "plain"


@dataclass(frozen=True)
class Fact:
    """One thing as it is now: the order, the money, the stock, the paper."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True)
class IssueAction:
    """A button that can succeed. `stands_apart` puts it at the far end, away from the usual way out."""

    key: str
    label: str
    icon: str = ""
    kind: Kind = "plain"
    stands_apart: bool = False


@dataclass(frozen=True)
class Choice:
    """One of two values that were both meant, shown alike so that nobody is favoured."""

    owner: str
    badge: str
    badge_tone: Tone
    value: str
    by: str
    when: str
    action: IssueAction


@dataclass(frozen=True)
class IssueView:
    """Something that a person must decide.

    Attributes:
        group: issues with the same group (an order, a product) stand together.
        title: short, for the list; `headline`: whole, over the detail.
        subtitle: what it is about, for the list; `reference`: the same in full.
        sentence: what happened, both sides named, no codes; empty when the headline says it all.
        advice: what to do in the world, not on the screen.
        note: why some action is not offered.
        closed_at: when it was settled; None while it waits.
    """

    id: str
    group: str
    icon: str
    at: datetime
    title: str
    subtitle: str
    headline: str
    reference: str
    sentence: str
    history: tuple[HistoryRow, ...] = ()
    facts: tuple[Fact, ...] = ()
    choices: tuple[Choice, ...] = ()
    advice: str = ""
    actions: tuple[IssueAction, ...] = ()
    note: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True)
class IssueChoice:
    """What a person decided: an action of an issue."""

    issue_id: str
    action_key: str


def grouped(issues: tuple[IssueView, ...]) -> tuple[IssueView, ...]:
    """Newest first, but the issues of one group together at the place of its newest."""
    newest: dict[str, datetime] = {}
    for issue in issues:
        newest[issue.group] = max(issue.at, newest.get(issue.group, issue.at))
    by_time = sorted(issues, key=lambda issue: issue.at, reverse=True)
    order = sorted(newest, key=lambda group: newest[group], reverse=True)
    return tuple(issue for group in order for issue in by_time if issue.group == group)
