"""What waiting commands have looked at and written, so that a page that meets none of them need not disturb them.

Footprints are sets of marks. A row is known by its table, by its key, and by each of its look-up columns with the
value there. Whoever looks at a row or at a list of rows leaves one mark that every row of the answer bears; whoever
writes a row has seen it, and leaves all of its marks, as it was before and as it is afterwards. So two footprints meet
whenever one could see what the other does, and sometimes when it could not: that costs time and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from app.domain.command import Command, Context
from app.domain.outcome import Change
from app.domain.row import KEY_SEPARATOR, Row, key_text
from app.domain.view import View
from app.tables.mapper import mapper_of
from app.tables.schema import KINDS
from app.tables.statements import Database, statements_of
from app.wire.messages import ChangeMessage, CommandMessage

R = TypeVar("R", bound=Row)
Mark = tuple[str, ...]
_KEY_PARTS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """An accepted command with all that it was decided on, and what it changed: enough to decide it once more.

    rows   by table and key, as they were found
    lists  by table and what they were asked for with
    """

    command: Command
    message: CommandMessage
    context: Context
    rows: Mapping[tuple[str, str], Row | None]
    lists: Mapping[tuple[Any, ...], tuple[Row, ...]]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """The marks that a command left when it was last shown; ``reads`` names what it wrote as well."""

    reads: Set[Mark]
    writes: Set[Mark]
    told: Told | None = None

    def meets(self, reads: Set[Mark], writes: Set[Mark]) -> bool:
        """Whether either could change what the other does."""
        return not (self.reads.isdisjoint(writes) and self.writes.isdisjoint(reads))

    def written_rows(self) -> Iterator[tuple[str, str]]:
        """Their (table, key) pairs."""
        return ((mark[0], mark[1]) for mark in self.writes if len(mark) == _KEY_PARTS)


class WatchedView:
    """A view that notes what is looked at, and what was found."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.reads: set[Mark] = set()
        self.rows: dict[tuple[str, str], Row | None] = {}
        self.lists: dict[tuple[Any, ...], tuple[Row, ...]] = {}

    def get(self, kind: type[R], *key: str) -> R | None:
        name = (kind.TABLE, key_text(key))
        self.reads.add(name)
        found = self._view.get(kind, *key)
        self.rows[name] = found
        return found

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        self.reads.add(list_mark(kind, by))
        found = self._view.children(kind, **by)
        self.lists[kind.TABLE, *by.items()] = found
        return found


def list_mark(kind: type[Row], by: Mapping[str, str]) -> Mark:
    """The mark that every row of a list bears."""
    first = next(iter(by.items()), None)
    return (kind.TABLE,) if first is None else (kind.TABLE, first[0], str(first[1]))


def marks(kind: type[Row], key: Sequence[str], record: Sequence[Any] | None) -> list[Mark]:
    """All marks of a row as it stands; of one that is not there, the one that its key tells."""
    found: list[Mark] = [(kind.TABLE, key_text(key))]
    if record is not None:
        found.append((kind.TABLE,))
        found += [(kind.TABLE, column, str(record[place])) for column, place in _places(kind.TABLE)]
    return found


def are_marked_alike(kind: type[Row], one: Sequence[Any] | None, other: Sequence[Any] | None) -> bool:
    """Whether two states of a row, as they were read or written, bear the same marks."""
    if one is None or other is None:
        return one is other
    return all(one[place] == other[place] for _, place in _places(kind.TABLE))


@cache
def _places(table: str) -> tuple[tuple[str, int], ...]:
    """The columns that rows are looked up by, with where they stand in a record."""
    kind = KINDS[table]
    names = mapper_of(kind).names
    return tuple((column, names.index(column)) for column in dict.fromkeys((*kind.KEY, *kind.LOOKUPS)))


def marks_of_changes(database: Database, changes: Iterable[ChangeMessage]) -> set[Mark]:
    """What a page of the feed will have written, before it is applied."""
    found: set[Mark] = set()
    for change in changes:
        kind = KINDS.get(change.table)
        if kind is None:
            continue
        key = tuple(change.pk.split(KEY_SEPARATOR))
        here = database.execute(statements_of(kind, database.mark).select, key).fetchone()
        found.update(marks(kind, key, here))
        if change.row is not None:
            found.update(marks(kind, key, mapper_of(kind).record_of_image(change.row)))
    return found


def met(footprints: Mapping[str, Footprint], written: Set[Mark], first: Iterable[str]) -> set[str]:
    """The commands that meet what was ``written``, or one of ``first``, or another one that does."""
    found = set(first)
    nothing: Set[Mark] = frozenset()
    found.update(command_id for command_id, each in footprints.items() if each.meets(nothing, written))
    rest = {command_id: each for command_id, each in footprints.items() if command_id not in found}
    if not rest:  # often all that waits meets the page itself, and nothing has to be brought together
        return found
    reads, writes = _together(footprints, found)
    writes |= written
    is_growing = True
    while is_growing:
        is_growing = False
        for command_id, footprint in rest.items():
            if command_id not in found and footprint.meets(reads, writes):
                found.add(command_id)
                reads |= footprint.reads
                writes |= footprint.writes
                is_growing = True
    return found


def strays(footprints: Mapping[str, Footprint], moved: Set[str]) -> bool:
    """Whether commands that were shown again meet one now that was not."""
    rest = [each for command_id, each in footprints.items() if command_id not in moved]
    if not rest:
        return False
    reads, writes = _together(footprints, moved)
    return any(each.meets(reads, writes) for each in rest)


def _together(footprints: Mapping[str, Footprint], commands: Iterable[str]) -> tuple[set[Mark], set[Mark]]:
    reads, writes = set[Mark](), set[Mark]()
    for command_id in commands:
        footprint = footprints.get(command_id)
        if footprint is not None:
            reads |= footprint.reads
            writes |= footprint.writes
    return reads, writes
