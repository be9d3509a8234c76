"""Adding an article to a product, without Qt: its values are those of the axes, or new ones that are added first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.desk import wording
from app.desk.goods import ProductDetail
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.domain.catalog import refusals, specs
from app.domain.catalog.barcode import is_valid_barcode
from app.domain.catalog.commands import AddSku, AddSpecValue, NewSku
from app.domain.command import Command
from app.domain.money import Fen
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.catalog.presenter import INITIATOR


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """``values`` by axis; ``fen`` and ``weight_g`` are None while the fields hold no number."""

    values: Mapping[str, str]
    fen: int | None
    barcode: str = ""
    code: str = ""
    shelf: str = ""
    weight_g: int | None = 0


class AddingView(Protocol):
    def show_problems(self, problems: Mapping[str, str]) -> None: ...

    def show_refusal(self, text: str) -> None: ...

    def finish(self) -> None: ...


class AddArticlePresenter:
    """Each value is added by itself, so what is done stays done."""

    def __init__(self, runner: Runner, view: AddingView, ids: IdSource, detail: ProductDetail) -> None:
        self._runner = runner
        self._view = view
        self._ids = ids
        self.detail = detail
        self._added: set[tuple[str, str]] = set()
        self.is_busy = False

    def names_of(self, axis_id: str) -> tuple[str, ...]:
        return tuple(value.name for value in self.detail.values if value.axis_id == axis_id)

    def problems(self, draft: ArticleDraft) -> dict[str, str]:
        """What is wrong, by field; an axis's field is its id."""
        found: dict[str, str] = {}
        for axis in self.detail.axes:
            value = draft.values.get(axis.id, "").strip()
            if not value or "/" in value or len(value) > 40:
                found[axis.id] = wording.sentence(refusals.VALUE_UNFIT.code, {})
        taken = {article.sku.spec_key for article in self.detail.skus}
        if not found and "/".join(self._values(draft)) in taken:
            found[self.detail.axes[-1].id] = tr("There is an article with these values already.")
        if draft.fen is None or not 1 <= draft.fen <= specs.MAX_FEN:
            found["list_fen"] = wording.sentence(refusals.PRICE_RANGE.code, {})
        if draft.barcode and not is_valid_barcode(draft.barcode):
            found["barcode"] = wording.sentence(refusals.BARCODE_UNFIT.code, {"barcode": draft.barcode})
        if draft.weight_g is None:
            found["weight_g"] = tr("A number is needed here.")
        return found

    def save(self, draft: ArticleDraft) -> None:
        if self.is_busy:
            return
        found = self.problems(draft)
        self._view.show_problems(found)
        if not found:
            self.is_busy = True
            self._perform(self.commands(draft))

    def commands(self, draft: ArticleDraft) -> list[Command]:
        known = {(value.axis_id, value.name) for value in self.detail.values} | self._added
        product_id = self.detail.product.id
        wanted = [(axis.id, value) for axis, value in zip(self.detail.axes, self._values(draft), strict=True)]
        found: list[Command] = [
            AddSpecValue(product_id, axis_id, self._ids.new(), value)
            for axis_id, value in wanted
            if (axis_id, value) not in known
        ]
        sku = NewSku(
            self._ids.new(),
            self._values(draft),
            draft.code.strip(),
            draft.barcode.strip(),
            Fen(draft.fen or 0),
            draft.weight_g or 0,
            draft.shelf.strip(),
        )
        return [*found, AddSku(product_id, sku)]

    def _values(self, draft: ArticleDraft) -> tuple[str, ...]:
        return tuple(draft.values.get(axis.id, "").strip() for axis in self.detail.axes)

    def _perform(self, waiting: list[Command]) -> None:
        if not waiting:
            self.is_busy = False
            self._view.finish()
            return

        def done(_done: Done) -> None:
            first = waiting[0]
            if isinstance(first, AddSpecValue):
                self._added.add((first.axis_id, first.name))
            self._perform(waiting[1:])

        self._runner.perform(waiting[0], done, self._on_refused, INITIATOR, self._on_lost)

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self.is_busy = False
        self._view.show_refusal(wording.refusal(why))

    def _on_lost(self) -> None:
        self.is_busy = False
