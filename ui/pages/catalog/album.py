"""A product's pictures and videos while they are being changed, without Qt: what is added, taken out, moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.desk import wording
from app.desk.goods import ProductDetail
from app.desk.picture_file import Prepared
from app.desk.pictures import PictureDoor
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.domain.catalog.commands import AddPicture, AddVideo, ArrangePictures, RemovePicture
from app.domain.catalog.model import MediaRole, ProductMedia
from app.domain.catalog.pictures import MAX_PICTURES
from app.domain.command import Command
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.catalog.presenter import INITIATOR

_LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class Item:
    """``prepared`` is there for a picture that was not saved yet; a removed one stays in sight until it is saved."""

    media_id: str
    sha256: str = ""
    video_url: str = ""
    prepared: Prepared | None = None
    is_new: bool = False
    is_removed: bool = False


class Album:
    """``changed`` is called whenever the pictures look different, ``tell`` with what cannot be used."""

    def __init__(self, runner: Runner, ids: IdSource, door: PictureDoor | None, product_id: str) -> None:
        self._runner = runner
        self._ids = ids
        self._door = door
        self._product_id = product_id
        self.items: tuple[Item, ...] = ()
        self._stored: tuple[str, ...] = ()
        self.reading = 0
        self.changed: Callable[[], None] = lambda: None
        self.tell: Callable[[str], None] = lambda _: None

    @property
    def can_add(self) -> bool:
        return self._door is not None and len(self.kept()) + self.reading < MAX_PICTURES

    @property
    def unsaved(self) -> int:
        """How many changes wait: each picture that comes or goes, and a new order as one."""
        added = sum(item.is_new and not item.is_removed for item in self.items)
        removed = sum(item.is_removed and not item.is_new for item in self.items)
        return added + removed + self._is_moved()

    def kept(self) -> tuple[Item, ...]:
        """What the product will show."""
        return tuple(item for item in self.items if not item.is_removed)

    def main_id(self) -> str:
        """The picture that stands for the product."""
        return next((item.media_id for item in self.kept() if item.sha256), "")

    # What others change meanwhile

    def follow(self, detail: ProductDetail) -> None:
        """What came from elsewhere stands behind, what is gone is gone; mine stays as it is."""
        now = {media.id: media for media in detail.media}
        mine = [
            _item(now[item.media_id]) if item.is_new and item.media_id in now else item
            for item in self.items
            if item.is_new or item.media_id in now
        ]
        known = {item.media_id for item in mine}
        mine += [_item(media) for media in detail.media if media.id not in known]
        if not self._is_moved():  # nobody moved anything here: their order is ours
            ranks = {media.id: place for place, media in enumerate(detail.media)}
            mine.sort(key=lambda item: ranks.get(item.media_id, len(ranks)))
        self._stored = tuple(media.id for media in detail.media)
        self.items = tuple(mine)
        self.changed()

    # Acts

    def add_files(self, paths: Sequence[Path]) -> None:
        """Read chosen or dropped files; each appears when it is ready."""
        door = self._door
        if door is None:
            return
        for path in paths:
            if not self.can_add:
                self.tell(tr("A product has at most {most} pictures.", most=MAX_PICTURES))
                return
            self.reading += 1
            self._runner.when(door.prepare(path), self._on_prepared, self._on_unusable)
        self.changed()

    def add_video(self, url: str) -> bool:
        """False, and a sentence, for what is no link."""
        url = url.strip()
        if not url.startswith("https://") or len(url) > _LONGEST_URL or " " in url:
            self.tell(tr("A video is a link that begins with https."))
            return False
        self._put(Item(self._ids.new(), video_url=url, is_new=True))
        return True

    def remove(self, media_id: str) -> None:
        """Take out; what was never saved is simply gone."""
        self._each(lambda item: _with(item, is_removed=True) if item.media_id == media_id else item)
        self.items = tuple(item for item in self.items if not (item.is_new and item.is_removed))
        self.changed()

    def restore(self, media_id: str) -> None:
        self._each(lambda item: _with(item, is_removed=False) if item.media_id == media_id else item)
        self.changed()

    def place(self, media_id: str, at: int) -> None:
        """Put one where another stands."""
        moved = next((item for item in self.items if item.media_id == media_id), None)
        if moved is not None:
            rest = [item for item in self.items if item.media_id != media_id]
            at = min(max(at, 0), len(rest))
            self.items = (*rest[:at], moved, *rest[at:])
            self.changed()

    def move(self, media_id: str, step: int) -> None:
        ids = [item.media_id for item in self.items]
        if media_id in ids:
            self.place(media_id, ids.index(media_id) + step)

    # Saving

    def save(self, done: Callable[[], None], refused: Callable[[str], None], lost: Callable[[], None]) -> None:
        """Keep what is new, then give one command after the other; what is done stays done."""
        waiting = [item.prepared for item in self.kept() if item.is_new and item.prepared is not None]
        self._keep(waiting, _Ends(done, refused, lost))

    def commands(self) -> list[Command]:
        found: list[Command] = []
        for item in self.items:
            if item.is_removed:
                found.append(RemovePicture(item.media_id))
            elif item.is_new:
                found.append(self._adding(item))
        kept = tuple(item.media_id for item in self.kept())
        stored = [media_id for media_id in self._stored if media_id in kept]
        added = [item.media_id for item in self.kept() if item.is_new]
        if list(kept) != [*stored, *added] or (found and kept and self.main_id() != _main_of(self.items, stored)):
            found.append(ArrangePictures(self._product_id, kept))
        return found

    def _adding(self, item: Item) -> Command:
        made = item.prepared
        if made is None:
            return AddVideo(self._product_id, item.media_id, item.video_url)
        role = MediaRole.MAIN if item.media_id == self.main_id() else MediaRole.DETAIL
        return AddPicture(
            self._product_id, item.media_id, role, made.sha256, made.mime, made.width, made.height, len(made.content)
        )

    def _keep(self, waiting: list[Prepared], ends: "_Ends") -> None:
        if not waiting or self._door is None:
            self._perform(self.commands(), ends)
            return
        first, rest = waiting[0], waiting[1:]
        self._runner.when(
            self._door.keep(first),
            lambda _: self._keep(rest, ends),
            lambda error: ends.refused(wording.fault(error)),
            ends.lost,
        )

    def _perform(self, waiting: list[Command], ends: "_Ends") -> None:
        if not waiting:
            ends.done()
            return

        def next_one(_done: Done) -> None:
            self._perform(waiting[1:], ends)

        def stop(why: Rejected | NeedsNetwork) -> None:
            ends.refused(wording.refusal(why))

        self._runner.perform(waiting[0], next_one, stop, INITIATOR, ends.lost)

    # Inside

    def _on_prepared(self, made: Prepared) -> None:
        self.reading -= 1
        if any(item.sha256 == made.sha256 for item in self.kept()):
            self.tell(tr("This picture is there already."))
            self.changed()
        else:
            self._put(Item(self._ids.new(), made.sha256, prepared=made, is_new=True))

    def _on_unusable(self, error: KnownError) -> None:
        self.reading -= 1
        self.tell(wording.fault(error))
        self.changed()

    def _put(self, item: Item) -> None:
        self.items = (*self.items, item)
        self.changed()

    def _each(self, change: Callable[[Item], Item]) -> None:
        self.items = tuple(change(item) for item in self.items)

    def _is_moved(self) -> bool:
        here = [item.media_id for item in self.items if not item.is_new]
        stored = [media_id for media_id in self._stored if media_id in set(here)]
        new_places = [place for place, item in enumerate(self.items) if item.is_new]
        return here != stored or any(place < len(here) for place in new_places)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Whom a saving comes back to: when all is done, with a sentence, or when nobody can tell."""

    done: Callable[[], None]
    refused: Callable[[str], None]
    lost: Callable[[], None]


def _item(media: ProductMedia) -> Item:
    return Item(media.id, media.sha256, media.video_url)


def _main_of(items: Sequence[Item], stored: Sequence[str]) -> str:
    pictures = {item.media_id for item in items if item.sha256}
    return next((media_id for media_id in stored if media_id in pictures), "")


def _with(item: Item, *, is_removed: bool) -> Item:
    return Item(item.media_id, item.sha256, item.video_url, item.prepared, item.is_new, is_removed)
