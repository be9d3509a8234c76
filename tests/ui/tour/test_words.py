"""What the tour tells in the terminal: every step in the reader's language, and the record in one."""

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import ui.tour.record
from app.kernel import i18n
from ui.tour.bad_days import BadDays
from ui.tour.record import Record
from ui.tour.telling import SILENT, TOLD

FOLDER = Path(inspect.getfile(ui.tour.record)).parent
TELLING = ("step", "_move", "words", "leave_out", "say")
"""Whose first argument names a step or says something."""


def nodes() -> Iterator[ast.AST]:
    for file in FOLDER.glob("*.py"):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def told() -> set[str]:
    found: set[object] = set()
    for node in nodes():
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in TELLING:
            read_there = [each.slice for each in ast.walk(node.args[0]) if isinstance(each, ast.Subscript)]
            said = {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
            found |= said - {each.value for each in read_there if isinstance(each, ast.Constant)}
    return {text for text in found if isinstance(text, str)}


def found_out() -> set[str]:
    """The names of all facts that a step may put beside itself."""
    found = {"receipt", "picking", "label"}  # papers are told by their kind
    for node in nodes():
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "facts":
            found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()  # type: ignore[arg-type]
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "facts.update":
            found |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return found


def test_every_fact_is_told_in_words_or_left_out_on_purpose() -> None:
    assert {"waiting", "ms", "said", "not_played"} <= found_out() | {"not_played"}
    assert found_out() - TOLD - set(SILENT) == set()


FACTS = (
    ({"waiting": [2, 3]}, "waiting to be sent: 2 + 3", "待上传：2 + 3"),
    (
        {"ms": 310, "promised_ms": 1000, "is_in_time": True},
        "after 310 ms, and within 1000 ms was promised",
        "用时 310 毫秒，答应的是 1000 毫秒以内",
    ),
    (
        {"ms": 1310, "promised_ms": 1000, "is_in_time": False},
        "after 1310 ms and not within 1000 ms: this computer is busy",
        "用时 1310 毫秒，超过答应的 1000 毫秒：这台电脑太忙",
    ),
    ({"states": ["completed", "paid"]}, "now completed, paid", "现在：已完成、待发货"),
    (
        {"orders": [{"goods_fen": 29_700, "discount_fen": 2_000, "freight_fen": 0, "total_fen": 27_700}]},
        "¥297.00 − ¥20.00 off + ¥0.00 freight = ¥277.00",
        "商品 ¥297.00 − 优惠 ¥20.00 + 运费 ¥0.00 = ¥277.00",
    ),
    ({"fen": [2_400, 2_500, 2_600]}, "¥24.00 became ¥25.00 here and ¥26.00 there", None),
    ({"label": ["a.pdf", "b.pdf"]}, "· b.pdf", "· b.pdf"),
    ({"heard": [["new_order"]], "folder": "."}, "", ""),
)


@pytest.mark.parametrize(("facts", "english", "chinese"), FACTS)
def test_what_a_step_found_out_is_told_in_sentences(
    facts: dict[str, object], english: str, chinese: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, told_here in (("en", english), ("zh_CN", chinese)):
        with Record(tmp_path, language).step("counter 2 joins with a code") as found:
            found.update(facts)
        said = capsys.readouterr().out
        assert "{" not in said and "[" not in said
        assert told_here is None or (told_here in said if told_here else len(said.splitlines()) == 1), said
        kept = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))["steps"][-1]
        assert kept["facts"] == facts, "programs read the bare facts"


@pytest.mark.parametrize(("language", "mark"), [("zh_CN", "未演"), ("en", "not played")])
def test_what_could_not_be_played_is_neither_done_nor_failed(
    language: str, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Record(tmp_path, language)
    with record.step("counter 2 joins with a code"):
        pass
    BadDays._move_there_and_back(SimpleNamespace(_record=record), "")  # type: ignore[arg-type]
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith(mark) and "run.sh tour" in said[2], said
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    assert (record.holds, told["holds"], told["steps"][1]["holds"]) == (True, True, None)


def test_every_step_is_told_in_chinese() -> None:
    steps = told()
    assert len(steps) > 50 and "counter 2 joins with a code" in steps and "FAIL" in steps
    assert [step for step in sorted(steps) if i18n.render(step, {}, "zh_CN") == step] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", ("完成", "2 号柜台用登记码加入")), ("en", ("ok", "counter 2 joins with a code"))],
)
def test_a_step_is_told_in_the_terminals_language_and_recorded_in_english(
    language: str, said: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Record(tmp_path, language)
    with record.step("counter 2 joins with a code"):
        i18n.set_language("en" if language == "zh_CN" else "zh_CN")  # the windows change theirs while it goes on
    i18n.set_language("zh_CN")
    mark, *_, words = capsys.readouterr().out.strip().split("  ")
    assert (mark.split()[0], words) == said
    assert json.loads((tmp_path / "tour.json").read_text())["steps"][0]["name"] == "counter 2 joins with a code"
