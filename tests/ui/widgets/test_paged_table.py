"""A table that holds numbers and fetches only what is in sight."""

from array import array
from collections.abc import Callable, Mapping, Sequence

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.kernel.splices import Splice, Splices
from ui.widgets.cell import Cell, CellRole, Column, Mark
from ui.widgets.paged_table import PagedModel
from ui.widgets.row_windows import WINDOW_ROWS, WINDOWS_ASKED, WINDOWS_KEPT
from ui.widgets.table_view import PagedTableView

COLUMNS = (
    Column[str]("name", lambda: "Name", lambda row: Cell(row, second=f"no. {row}", tile=row)),
    Column[str]("state", lambda: "State", lambda row: Cell(marks=(Mark("On sale", "green"),)), width=120),
    Column[str]("price", lambda: "Price", lambda row: Cell("¥1.00"), width=100, align="right", sort_key="price"),
)


class Shelf:
    """A source that answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []
        self.waiting: list[Callable[[Mapping[int, str]], None]] = []
        self.edition = "row"

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, str]], None]) -> None:
        self.asked.append(tuple(rowids))
        self.waiting.append(callback)

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for rowids, callback in zip(self.asked[-len(waiting) :], waiting, strict=True):
            callback({rowid: f"{self.edition} {rowid}" for rowid in rowids})


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def model(shelf: Shelf, qtbot: QtBot) -> PagedModel[str]:
    return PagedModel(COLUMNS, shelf, is_checkable=True)


def text(model: PagedModel[str], row: int) -> str:
    return str(model.data(model.index(row, 0)))


def load(model: PagedModel[str], shelf: Shelf, qtbot: QtBot, row: int = 0) -> None:
    text(model, row)
    qtbot.waitUntil(lambda: len(shelf.waiting) > 0)
    shelf.answer()


def test_the_model_keeps_qts_rules(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model.set_rowids(range(250))
    qtmodeltester.check(model)
    load(model, shelf, qtbot)
    model.set_rowids((*range(1000, 1010), *range(120, 250), *range(50)))
    model.set_rowids(())
    model.set_rowids((7,))
    qtmodeltester.check(model)


def test_rows_are_placeholders_until_they_come(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(1000))
    first = model.index(0, 0)
    assert text(model, 0) == ""
    assert model.data(first, CellRole.CELL) is None
    load(model, shelf, qtbot)
    assert text(model, 0) == "row 0"
    assert shelf.asked == [tuple(range(WINDOW_ROWS))]


def test_asking_what_can_be_done_with_a_row_fetches_nothing(
    model: PagedModel[str], shelf: Shelf, qapp: QApplication
) -> None:
    model.set_rowids(range(1000))
    for row in range(1000):
        model.flags(model.index(row, 0))
        model.row_at(row)
    assert not model._windows.is_asking()
    assert shelf.asked == []


def test_a_fling_asks_only_for_what_is_in_sight_at_the_end(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(100_000))
    for row in range(0, 100_000, 50):
        text(model, row)
    qtbot.waitUntil(lambda: len(shelf.asked) > 0)
    assert len(shelf.asked) == WINDOWS_ASKED
    assert shelf.asked[-1][-1] == 99_999


def test_an_answer_to_an_older_question_is_dropped(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(100))
    text(model, 0)
    qtbot.waitUntil(lambda: len(shelf.waiting) == 1)
    late = shelf.waiting.pop()
    model.set_rowids(range(50, 150))
    late({50: "stale"})
    assert text(model, 0) == ""


def test_old_content_stays_until_the_new_has_come(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(10))
    load(model, shelf, qtbot)
    shelf.edition = "new"
    model.refresh()
    assert text(model, 3) == "row 3"
    load(model, shelf, qtbot)
    assert text(model, 3) == "new 3"


def test_a_million_rows_cost_eight_bytes_each_and_forget_what_is_out_of_sight(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot
) -> None:
    rowids = array("q", range(1_000_000))
    model.set_rowids(rowids)
    assert model.rowids() is rowids
    for window in range(WINDOWS_KEPT + 20):
        load(model, shelf, qtbot, window * WINDOW_ROWS)
    assert model.loaded_count() == WINDOWS_KEPT * WINDOW_ROWS


def test_new_rows_on_top_leave_the_selection_on_its_row(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    view = PagedTableView("Rows")
    qtbot.addWidget(view)
    view.show_model(model)
    view.set_rowids(range(100, 200))
    view.select_rowid(150)
    view.set_rowids((*range(90, 100), *range(100, 200)))
    assert view.selected_rowid() == 150
    view.set_rowids(tuple(reversed(range(90, 200))))
    assert view.selected_rowid() == 150


def test_inserted_and_removed_ranges_are_told_exactly(model: PagedModel[str], qtbot: QtBot) -> None:
    model.set_rowids(range(10))
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(("out", first, last)))
    model.set_rowids((0, 1, 2, 77, 78, 6, 7, 8, 9))
    assert told == [("out", 3, 5), ("in", 3, 4)]


def test_splices_are_told_and_the_selection_and_the_ticks_follow(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    view = PagedTableView("Rows")
    qtbot.addWidget(view)
    view.show_model(model)
    old = array("q", range(300))
    view.set_rowids(old)
    view.select_rowid(200)
    model.set_checked((10, 120))
    said: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: said.append(("came", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: said.append(("went", first, last)))
    parts = (Splice(0, 0, array("q", (900, 901))), Splice(120, 1, array("q")), Splice(250, 1, array("q", (902,))))
    splices = Splices(old, parts)
    view.set_rowids(splices.applied(), splices)
    assert said == [("went", 250, 250), ("came", 250, 250), ("went", 120, 120), ("came", 0, 1)]
    assert model.rowids() == array("q", (900, 901, *range(120), *range(121, 250), 902, *range(251, 300)))
    assert old == array("q", range(300)), "it belongs to others too"
    assert view.selected_rowid() == 200 and view.currentIndex().row() == 201
    assert model.checked() == {10}
    qtmodeltester.check(model)


def test_splices_of_another_list_are_not_believed(model: PagedModel[str]) -> None:
    model.set_rowids(array("q", (1, 2, 3)))
    others = Splices(array("q", (1, 2, 3)), (Splice(0, 3, array("q")),))
    said: list[str] = []
    model.rowsRemoved.connect(lambda: said.append("went"))
    model.set_rowids(array("q", (1, 2, 3, 4)), others)
    assert model.rowids() == array("q", (1, 2, 3, 4)) and said == []


def test_very_many_splices_are_shown_as_one_change(model: PagedModel[str], qtbot: QtBot) -> None:
    old = array("q", range(1000))
    model.set_rowids(old)
    said: list[str] = []
    model.rowsInserted.connect(lambda: said.append("came"))
    model.rowsRemoved.connect(lambda: said.append("went"))
    splices = Splices(old, tuple(Splice(10 * n, 1, array("q")) for n in range(50)))
    model.set_rowids(splices.applied(), splices)
    assert model.rowids() == array("q", [n for n in range(1000) if n % 10 or n >= 500])
    assert len(said) <= 2


def test_changes_all_day_long_do_not_pile_up_rows(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(100_000))
    for window in range(3 * WINDOWS_KEPT):
        load(model, shelf, qtbot, window * WINDOW_ROWS)
        model.refresh()
    assert model.loaded_count() <= (WINDOWS_KEPT + 1) * WINDOW_ROWS


def test_a_reader_hears_column_and_content(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    model.set_rowids(range(5))
    load(model, shelf, qtbot)
    spoken = model.data(model.index(2, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "State: On sale"


def test_ticks_by_key_by_box_and_for_all(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    view = PagedTableView("Rows")
    qtbot.addWidget(view)
    view.show_model(model)
    view.resize(600, 400)
    view.show()
    view.set_rowids(range(3))
    view.select_rowid(1)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert model.checked() == {1}
    view.horizontalHeader().all_toggled.emit()  # type: ignore[attr-defined]
    assert model.checked() == frozenset()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert model.checked() == {0, 1, 2}
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert model.checked() == frozenset()


def test_enter_opens_the_row_and_a_title_sorts(model: PagedModel[str], qtbot: QtBot) -> None:
    view = PagedTableView("Rows")
    qtbot.addWidget(view)
    view.show_model(model)
    view.set_rowids((11, 12, 13))
    view.select_rowid(12)
    with qtbot.waitSignal(view.row_activated) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [12]
    header = view.horizontalHeader()
    with qtbot.waitSignal(view.sort_requested) as first:
        header.sectionClicked.emit(2)
    with qtbot.waitSignal(view.sort_requested) as second:
        header.sectionClicked.emit(2)
    assert (first.args, second.args) == (["price", "descending"], ["price", "ascending"])


def test_first_rows_that_came_with_the_list_are_shown_and_not_asked_for(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot
) -> None:
    model.know({9: "row 9", 8: "row 8"})
    model.set_rowids((9, 8))
    assert [text(model, 0), text(model, 1)] == ["row 9", "row 8"]
    qtbot.waitUntil(lambda: not model._windows.is_asking())
    assert shelf.asked == []
    model.set_rowids((9, 8, 7, 6))
    assert (model.rowCount(), text(model, 1)) == (4, "row 8")
    load(model, shelf, qtbot)
    assert shelf.asked == [(9, 8, 7, 6)] and text(model, 3) == "row 6"
    model.know({5: "row 5"})
    model.set_rowids((5, 9, 8))
    assert text(model, 0) == "row 5"
    load(model, shelf, qtbot)
    assert shelf.asked[-1] == (5, 9, 8), "of the others it is not known whether they have changed"


def test_rows_that_are_not_known_yet_keep_their_place(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model.set_rowids((*range(50), *[-1] * 450))
    load(model, shelf, qtbot)
    assert shelf.asked == [tuple(range(50))] and text(model, 49) == "row 49"
    text(model, 300)
    qtbot.waitUntil(lambda: not model._windows.is_asking())
    assert len(shelf.asked) == 1 and model.rowid_at(300) is None and text(model, 300) == ""
    model.set_checked(model.rowids())
    assert model.checked() == frozenset(range(50))
    removed: list[object] = []
    model.rowsRemoved.connect(lambda *told: removed.append(told))
    model.set_rowids(range(500))
    assert not removed and model.rowCount() == 500 and text(model, 49) == "row 49"
    load(model, shelf, qtbot, 300)
    assert text(model, 300) == "row 300"
    qtmodeltester.check(model)


class Far:
    """Whom the model asks for numbers that it does not know; answers when it is told to."""

    def __init__(self, model: PagedModel[str], rowids: Sequence[int]) -> None:
        self.rowids = rowids
        self.asked: list[tuple[int, int, Callable[[Sequence[int]], None]]] = []
        model.ask_rowids_with(lambda *asked: self.asked.append(asked))

    def answer(self) -> None:
        for first, count, found in self.asked:
            found(self.rowids[first : first + count])
        self.asked.clear()


def a_long_list_begins(model: PagedModel[str]) -> Far:
    far = Far(model, range(5_000, 0, -1))
    model.set_rowids((*far.rowids[:WINDOW_ROWS], *[-1] * (5_000 - WINDOW_ROWS)))
    return far


def test_a_far_place_is_there_before_the_list_of_all(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    far = a_long_list_begins(model)
    load(model, shelf, qtbot, 0)
    for row in (4_999, 3_000):
        text(model, row)
        qtbot.waitUntil(lambda: bool(far.asked))
        far.answer()
        shelf.answer()
        assert text(model, row) == f"row {5_000 - row}" and model.rowid_at(row) == 5_000 - row
    assert model.rowid_at(2_000) is None and text(model, 4_950) == "row 50"
    moved: list[object] = []
    model.rowsRemoved.connect(lambda *told: moved.append(told))
    model.rowsInserted.connect(lambda *told: moved.append(told))
    model.set_rowids(far.rowids)
    assert not moved and text(model, 4_999) == "row 1" and model.rowid_at(2_000) == 3_000
    qtmodeltester.check(model)


def test_a_far_place_of_a_list_that_has_changed_shows_what_stands_there_now(
    model: PagedModel[str], shelf: Shelf, qtbot: QtBot
) -> None:
    far = a_long_list_begins(model)
    text(model, 4_999)
    qtbot.waitUntil(lambda: bool(far.asked))
    _, _, late = far.asked.pop()
    late(())
    assert model.rowid_at(4_999) is None
    text(model, 4_999)
    qtbot.waitUntil(lambda: bool(far.asked))
    far.answer()
    shelf.answer()
    moved: list[object] = []
    model.rowsRemoved.connect(lambda *told: moved.append(told))
    model.set_rowids((*far.rowids[:4_990], *range(9_010, 9_000, -1)))
    assert moved
    load(model, shelf, qtbot, 4_999)
    assert text(model, 4_999) == "row 9001" and text(model, 4_989) == "row 11"


def test_a_row_is_found_among_very_many(model: PagedModel[str]) -> None:
    model.set_rowids(range(70_000))
    for rowid in (0, 1, 255, 256, 65_536, 69_999):
        assert model.position_of(rowid) == rowid
    assert model.position_of(70_000) is None and model.position_of(256 * 70_000) is None


def test_rows_are_drawn_in_both_states(model: PagedModel[str], shelf: Shelf, qtbot: QtBot) -> None:
    view = PagedTableView("Rows")
    qtbot.addWidget(view)
    view.show_model(model)
    view.resize(600, 400)
    view.set_rowids(range(300))
    view.show()
    waiting = view.grab().toImage()
    qtbot.waitUntil(lambda: len(shelf.waiting) > 0)
    shelf.answer()
    view.selectionModel().select(model.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert view.grab().toImage() != waiting


class Painted(PagedTableView):
    """Tells when it is painted."""

    def __init__(self) -> None:
        super().__init__("Rows")
        self.told: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.told.append("painted")
        super().paintEvent(event)


def test_what_can_wait_comes_behind_the_painting_once(
    model: PagedModel[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = Painted()
    qtbot.addWidget(view)
    view.show_model(model)
    view.after_painting(lambda: view.told.append("nobody sees it"))
    assert view.told == ["nobody sees it"]
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: "painted" in view.told)
    view.told.clear()
    monkeypatch.setattr("ui.widgets.table_view._LONGEST_UNPAINTED_MS", 60_000)
    view.viewport().update()
    view.after_painting(lambda: view.told.append("behind"))
    assert view.told == []
    qtbot.waitUntil(lambda: "behind" in view.told)
    assert view.told[0] == "painted"
    view.viewport().repaint()
    monkeypatch.setattr("ui.widgets.table_view._LONGEST_UNPAINTED_MS", 10)
    view.after_painting(lambda: view.told.append("covered"))
    qtbot.waitUntil(lambda: "covered" in view.told)
    assert [told for told in view.told if told != "painted"] == ["behind", "covered"]
