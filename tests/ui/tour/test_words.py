"""What the tour tells in the terminal: every step in the reader's language, and the record in one."""

import ast
import inspect
import json
from pathlib import Path

import pytest

import ui.tour.record
from app.kernel import i18n
from ui.tour.record import Record

FOLDER = Path(inspect.getfile(ui.tour.record)).parent
TELLING = ("step", "_move", "words")
"""Whose first argument names a step or says something."""


def told() -> set[str]:
    found = set()
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TELLING:
                found |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
    return {text for text in found if isinstance(text, str)}


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
