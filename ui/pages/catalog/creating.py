"""New products and new categories, without Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.desk import wording
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.domain.catalog import refusals, specs
from app.domain.catalog.barcode import is_valid_barcode
from app.domain.catalog.commands import CreateCategory, CreateProduct, NewAxis, NewSku
from app.domain.money import Fen
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.catalog.presenter import INITIATOR

_BETWEEN = re.compile(r"[,，、;；\n]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed; ``fen`` is None while the price is no amount."""

    title: str = ""
    category_id: str = ""
    fen: int | None = None
    code: str = ""
    barcode: str = ""
    axis: str = ""
    values: str = ""


class NewProductView(Protocol):
    """What the dialog of a new product must be able to show."""

    def show_problem(self, field: str, text: str) -> None: ...

    def show_refusal(self, text: str) -> None: ...

    def finish(self, product_id: str) -> None: ...


def values_of(typed: str) -> tuple[str, ...]:
    """The values of an axis as they were typed, parted by commas of either kind."""
    return tuple(part.strip() for part in _BETWEEN.split(typed) if part.strip())


def problems(draft: Draft) -> dict[str, str]:
    """What is missing or wrong, by field."""
    found = {}
    if not draft.title.strip():
        found["title"] = tr("A title is needed.")
    if not draft.category_id:
        found["category_id"] = tr("Choose a category, or make one first.")
    if draft.fen is None or not 1 <= draft.fen <= specs.MAX_FEN:
        found["list_fen"] = wording.sentence(refusals.PRICE_RANGE.code, {})
    values = values_of(draft.values)
    if bool(draft.axis.strip()) != bool(values):
        found["values"] = tr("An axis needs a name and its values.")
    elif len(set(values)) != len(values):
        found["values"] = tr("Each value once.")
    elif len(values) > specs.MAX_SKUS:
        found["values"] = wording.sentence(refusals.SKU_COUNT.code, {"most": specs.MAX_SKUS})
    if draft.barcode.strip():
        found |= _barcode_problem(draft.barcode.strip(), values)
    return found


def _barcode_problem(barcode: str, values: Sequence[str]) -> dict[str, str]:
    if len(values) > 1:
        return {"barcode": tr("Each article has a barcode of its own; enter them after saving.")}
    if not is_valid_barcode(barcode):
        return {"barcode": wording.sentence(refusals.BARCODE_UNFIT.code, {"barcode": barcode})}
    return {}


class NewProductPresenter:
    """Makes a draft of a product, with an article for each value of its axis."""

    def __init__(self, runner: Runner, view: NewProductView, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._ids = ids
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved; a window that asked for it stays until it is."""
        return self._is_busy

    def create(self, draft: Draft) -> None:
        """A second press while the first is worked off does nothing."""
        if self._is_busy:
            return
        wrong = problems(draft)
        for field in ("title", "category_id", "list_fen", "values", "barcode"):
            self._view.show_problem(field, wrong.get(field, ""))
        self._view.show_refusal("")
        if wrong:
            return
        self._is_busy = True
        command = self._command(draft)
        self._runner.perform(
            command,
            lambda done: self._on_done(done, command.product_id),
            self._on_refused,
            INITIATOR,
            self._on_lost,
        )

    def _command(self, draft: Draft) -> CreateProduct:
        values = values_of(draft.values)
        code, fen = draft.code.strip(), Fen(draft.fen or 0)
        if not values:
            skus: tuple[NewSku, ...] = (NewSku(self._ids.new(), (), code, draft.barcode.strip(), fen),)
        else:
            skus = tuple(
                NewSku(
                    self._ids.new(),
                    (value,),
                    f"{code}-{place}" if code and len(values) > 1 else code,
                    draft.barcode.strip(),
                    fen,
                )
                for place, value in enumerate(values, 1)
            )
        axes = (NewAxis(self._ids.new(), draft.axis.strip(), values),) if values else ()
        return CreateProduct(self._ids.new(), draft.category_id, draft.title.strip(), skus, axes)

    def _on_done(self, _done: Done, product_id: str) -> None:
        self._is_busy = False
        self._view.finish(product_id)

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._is_busy = False
        is_barcode = isinstance(why, Rejected) and why.code in (
            refusals.BARCODE_TAKEN.code,
            refusals.BARCODE_UNFIT.code,
        )
        text = wording.refusal(why)
        self._view.show_problem("barcode", text if is_barcode else "")
        self._view.show_refusal("" if is_barcode else text)

    def _on_lost(self) -> None:
        self._is_busy = False


class NewCategoryView(Protocol):
    """What the dialog of a new category must be able to show."""

    def show_problem(self, text: str) -> None: ...

    def finish(self, category_id: str) -> None: ...


class NewCategoryPresenter:
    """Makes a category below another, or at the top."""

    def __init__(self, runner: Runner, view: NewCategoryView, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._ids = ids
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved; a window that asked for it stays until it is."""
        return self._is_busy

    def create(self, name: str, parent_id: str, sort: int) -> None:
        if self._is_busy:
            return
        if not name.strip():
            self._view.show_problem(wording.sentence(refusals.NAMELESS.code, {}))
            return
        self._is_busy = True
        category_id = self._ids.new()
        command = CreateCategory(category_id, parent_id, name.strip(), sort)
        self._runner.perform(
            command, lambda done: self._on_done(done, category_id), self._on_refused, INITIATOR, self._on_lost
        )

    def _on_done(self, _done: Done, category_id: str) -> None:
        self._is_busy = False
        self._view.finish(category_id)

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._is_busy = False
        self._view.show_problem(wording.refusal(why))

    def _on_lost(self) -> None:
        self._is_busy = False
