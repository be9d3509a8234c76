"""Changing a product, without Qt: only touched fields are sent, and what others changed meanwhile is never lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from app.desk import goods, wording
from app.desk.goods import ProductDetail
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.session import OnDuty
from app.domain.catalog import edits, refusals, specs
from app.domain.catalog.barcode import is_valid_barcode
from app.domain.catalog.commands import ChangePrice, EditProduct, EditSku
from app.domain.command import Command
from app.domain.money import Fen, money_text
from app.domain.permission import Permission
from app.kernel.i18n import tr
from ui.pages.catalog.album import Album
from ui.pages.catalog.presenter import INITIATOR
from ui.pages.catalog.wording import field_word, spec_word

Key: TypeAlias = tuple[str, str]
"""The id of a product or an article, and one of its fields."""
PRODUCT_FIELDS = ("title", "subtitle", "category_id", "description")
SKU_FIELDS = ("barcode", "code", "shelf", "weight_g")
PRICE = "list_fen"
_TABLES = ("products", "skus", "product_media", "spec_values")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed while it was being changed here; ``name`` says it to a person.

    ``who`` is empty until it is known.
    """

    key: Key
    name: str
    who: str
    theirs: str
    mine: str


class EditView(Protocol):
    """What the editor must be able to show."""

    def show_marks(self, changed: frozenset[Key]) -> None: ...

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None: ...

    def show_value(self, key: Key, value: Any) -> None: ...

    def show_problem(self, key: Key, text: str) -> None: ...

    def show_refusal(self, text: str) -> None: ...

    def finish(self, count: int) -> None: ...


def values_of(detail: ProductDetail) -> dict[Key, Any]:
    """Every field that can be changed, with its value."""
    product = detail.product
    found: dict[Key, Any] = {(product.id, field): getattr(product, field) for field in PRODUCT_FIELDS}
    for article in detail.skus:
        for field in (PRICE, *SKU_FIELDS):
            value = getattr(article.sku, field)
            found[(article.sku.id, field)] = int(value) if isinstance(value, int) else value
    return found


class EditPresenter:
    """``changed`` are the unsaved fields; ``conflicts`` wait for a choice before anything is saved."""

    def __init__(self, runner: Runner, view: EditView, detail: ProductDetail, person: OnDuty | None) -> None:
        self._runner = runner
        self._view = view
        self.detail = detail
        self.may_price = person is not None and person.may(Permission.PRICE_EDIT)
        self.may_edit = person is not None and person.may(Permission.CATALOG_EDIT)
        self._seen = values_of(detail)
        self._mine: dict[Key, Any] = {}
        self._theirs: dict[Key, Any] = {}
        self._editors: Mapping[Key, str] = {}
        self._category_names: Mapping[str, str] = {}
        self._is_busy = False
        self._saved = 0
        self._priced: list[ChangePrice] = []
        self.album: Album | None = None
        """The product's pictures, when they are changed in the same window."""
        self._generation = 0
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    def close(self) -> None:
        self._stop_listening()
        self._generation += 1

    def name_categories(self, names: Mapping[str, str]) -> None:
        self._category_names = names

    # What is being changed

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved; a window that asked for it stays until it is."""
        return self._is_busy

    @property
    def unsaved(self) -> int:
        """How much waits to be saved, pictures included."""
        return len(self._mine) + (self.album.unsaved if self.album is not None else 0)

    @property
    def changed(self) -> frozenset[Key]:
        return frozenset(self._mine)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(self._conflict(key, theirs) for key, theirs in self._theirs.items())

    def seen(self, key: Key) -> Any:
        return self._seen[key]

    def value(self, key: Key) -> Any:
        return self._mine.get(key, self._seen[key])

    def set_value(self, key: Key, value: Any) -> None:
        """Somebody typed; ``None`` stands for what cannot be read as an amount."""
        if isinstance(value, str) and key[1] != "description":
            value = value.strip()
        if value == self._seen[key]:
            self._mine.pop(key, None)
        else:
            self._mine[key] = value
        self._view.show_problem(key, "")
        self._view.show_marks(self.changed)

    def prices_back(self) -> tuple[ChangePrice, ...]:
        """What takes back the prices that were saved here; refused where somebody has set another one since."""
        return tuple(ChangePrice(done.sku_id, done.to_fen, done.from_fen) for done in reversed(self._priced))

    # What others change meanwhile

    def keep_mine(self, key: Key) -> None:
        """My value goes on top of theirs."""
        self._seen[key] = self._theirs.pop(key)
        self._mine = {k: v for k, v in self._mine.items() if v != self._seen[k]}
        self._say_all()

    def take_theirs(self, key: Key) -> None:
        self._seen[key] = self._theirs.pop(key)
        self._mine.pop(key, None)
        self._view.show_value(key, self._seen[key])
        self._say_all()

    def look_again(self) -> None:
        """Read the product anew; what nobody touches here simply follows."""
        self._generation += 1
        generation = self._generation
        query = goods.product_detail(self.detail.product.id)
        self._runner.query(
            query, lambda detail: self._on_detail(generation, detail), lambda: generation == self._generation
        )

    def _on_detail(self, generation: int, detail: ProductDetail | None) -> None:
        if generation != self._generation or detail is None:
            return
        self.detail = detail
        if self.album is not None:
            self.album.follow(detail)
        for key, now in values_of(detail).items():
            if key not in self._seen or now == self._seen[key]:
                self._theirs.pop(key, None)
                self._seen.setdefault(key, now)
            elif key not in self._mine or self._mine[key] == now:
                self._theirs.pop(key, None)
                self._mine.pop(key, None)
                self._seen[key] = now
                self._view.show_value(key, now)
            else:
                self._theirs[key] = now
        self._say_all()
        if self._theirs:
            refs = tuple({ref_id for ref_id, _ in self._theirs})
            self._runner.query(goods.last_editors(refs), lambda names: self._on_editors(generation, names))

    def _on_editors(self, generation: int, names: Mapping[Key, str]) -> None:
        if generation == self._generation:
            self._editors = names
            self._view.show_conflicts(self.conflicts)

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(_TABLES) and not self._is_busy:
            self.look_again()

    def _conflict(self, key: Key, theirs: Any) -> Conflict:
        return Conflict(
            key,
            self.name(key),
            self._editors.get(key, ""),
            self._shown(key, theirs),
            self._shown(key, self._mine.get(key)),
        )

    def name(self, key: Key) -> str:
        """A field as a person calls it: which article, and what of it."""
        word = field_word(key[1])
        found = next((article.sku for article in self.detail.skus if article.sku.id == key[0]), None)
        return f"{spec_word(found.spec_key)} · {word}" if found and found.spec_key else word

    def _shown(self, key: Key, value: Any) -> str:
        if value is None or value == "":
            return tr("(empty)")
        if key[1] == PRICE:
            return money_text(value)
        return self._category_names.get(value, value) if key[1] == "category_id" else str(value)

    def _say_all(self) -> None:
        self._view.show_marks(self.changed)
        self._view.show_conflicts(self.conflicts)

    # Saving

    def save(self) -> None:
        """One command for each touched thing; each stands by itself, so what is done stays done."""
        if self._is_busy or self._theirs:
            self._view.show_conflicts(self.conflicts)
            return
        self._view.show_refusal("")
        problems = {key: self._problem(key) for key in self._mine}
        for key, text in problems.items():
            self._view.show_problem(key, text)
        if any(problems.values()):
            return
        if not self.unsaved:
            self._view.finish(self._saved)
            return
        self._is_busy = True
        self._perform(self.commands())

    def commands(self) -> list[tuple[Command, tuple[Key, ...]]]:
        """What is to be done, with the fields that each does."""
        found: list[tuple[Command, tuple[Key, ...]]] = []
        product_id = self.detail.product.id
        if fields := self._touched(product_id, PRODUCT_FIELDS):
            found.append((EditProduct(product_id, self._changes(fields)), fields))
        for article in self.detail.skus:
            sku_id, price = article.sku.id, (article.sku.id, PRICE)
            if fields := self._touched(sku_id, SKU_FIELDS):
                found.append((EditSku(sku_id, self._changes(fields)), fields))
            if price in self._mine:
                found.append((ChangePrice(sku_id, Fen(self._seen[price]), Fen(self._mine[price])), (price,)))
        return found

    def _touched(self, ref_id: str, fields: Sequence[str]) -> tuple[Key, ...]:
        return tuple((ref_id, field) for field in fields if (ref_id, field) in self._mine)

    def _changes(self, keys: Sequence[Key]) -> dict[str, Any]:
        return {key[1]: {"from": self._seen[key], "to": self._mine[key]} for key in keys}

    def _problem(self, key: Key) -> str:
        value, field = self._mine[key], key[1]
        if value is None:
            return tr("A number is needed here.")
        if field == "title" and not value:
            return tr("A title is needed.")
        if field == PRICE and not 1 <= value <= specs.MAX_FEN:
            return wording.sentence(refusals.PRICE_RANGE.code, {})
        if field == "barcode" and value and not is_valid_barcode(value):
            return wording.sentence(refusals.BARCODE_UNFIT.code, {"barcode": value})
        return ""

    def _perform(self, waiting: list[tuple[Command, tuple[Key, ...]]]) -> None:
        if not waiting:
            self._save_album()
            return
        (command, keys), rest = waiting[0], waiting[1:]

        def done(_done: Done) -> None:
            self._saved += len(keys)
            if isinstance(command, ChangePrice):
                self._priced.append(command)
            for key in keys:
                self._seen[key] = self._mine.pop(key)
            self._view.show_marks(self.changed)
            self._perform(rest)

        self._runner.perform(command, done, lambda why: self._on_refused(why, keys), INITIATOR, self._on_lost)

    def _save_album(self) -> None:
        count = self.album.unsaved if self.album is not None else 0
        if self.album is None or not count:
            self._finish(0)
            return
        self.album.save(lambda: self._finish(count), self._on_album_refused, self._on_lost)

    def _finish(self, count: int) -> None:
        self._is_busy = False
        self._view.finish(self._saved + count)

    def _on_album_refused(self, why: str) -> None:
        self._is_busy = False
        self._view.show_refusal(why)
        self.look_again()

    def _on_lost(self) -> None:
        """What was saved stays saved, the rest stands in its fields and can be saved again."""
        self._is_busy = False
        self.look_again()

    def _on_refused(self, why: Rejected | NeedsNetwork, keys: tuple[Key, ...]) -> None:
        self._is_busy = False
        code = why.code if isinstance(why, Rejected) else ""
        if code == edits.CONFLICT.code:
            self.look_again()
            return
        at = next((key for key in keys if key[1] == "barcode"), None)
        if at is not None and code in (refusals.BARCODE_TAKEN.code, refusals.BARCODE_UNFIT.code):
            self._view.show_problem(at, wording.refusal(why))
        else:
            self._view.show_refusal(wording.refusal(why))
