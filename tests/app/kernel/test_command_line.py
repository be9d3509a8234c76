"""What was typed wrongly is told in one line, in the language of the terminal."""

import re
from collections.abc import Iterator

import pytest

import main
from app.kernel import i18n
from app.kernel.command_line import PROGRAM, told

WRONG = [
    (["--nonsense"], "认不出：--nonsense"),
    (["backup"], "还缺：FILE"),
    (["move"], "还缺：--from, --to"),
    (["serv"], "没有 serv 这个命令。有这些：serve, enrol, "),
    (["--data"], "--data 后面要跟内容。"),
    (["--real=yes"], "--real 单独用"),
    (["demo-data", "--orders", "many"], "--orders 要的是整数，不是 many。"),
    (["serve", "--port", "abc"], "--port: abc 不是端口，端口是 0 到 65535 之间的数。"),
    (["serve", "--port", "70000"], "--port: 70000 不是端口"),
    (["--service", "http://shop.example", "--own-service"], "--own-service 和 --service 不能一起用。"),
    (["enrol", "--da", "x"], "--da 可能是 --database, --data，要写完整。"),
]


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    yield
    i18n.set_language("zh_CN")


@pytest.mark.parametrize(("words", "chinese"), WRONG)
def test_what_was_typed_wrongly_is_told_in_chinese(
    words: list[str], chinese: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(SystemExit) as ended:
        main.main(words)
    said = capsys.readouterr().err
    assert (ended.value.code, len(said.splitlines())) == (2, 1), said
    assert chinese in said and re.search(r"（用法见 (\./run\.sh|run\.cmd)( [a-z-]+)? --help）$", said.strip()), said


def test_whoever_reads_english_is_told_in_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with pytest.raises(SystemExit):
        main.main(["backup", "--replace"])
    assert capsys.readouterr().err.startswith("This is missing: FILE (help: ")


@pytest.mark.parametrize(
    "words", [[], ["serve"], ["enrol"], ["demo-data"], ["backup"], ["restore"], ["move"], ["tour"]]
)
def test_help_speaks_both_languages(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main([*words, "--help"])
    said = capsys.readouterr().out
    chinese = [line for line in said.splitlines() if re.search("[\u4e00-\u9fff]", line)]
    titles = [line for line in said.splitlines() if line.endswith(":")]
    assert ended.value.code == 0 and set(titles) <= set(chinese), titles
    assert said.startswith(f"用法 · usage: {' '.join([PROGRAM, *words])} [-h]"), said
    assert "显示用法 · show this" in said and "show this help message" not in said


def test_a_complaint_that_nobody_knows_is_passed_on() -> None:
    assert told("the moon is in the way") == "the moon is in the way"
    assert told("argument --port: the moon") == "--port: the moon"


def test_newer_pythons_name_the_commands_without_quotes() -> None:
    assert told("argument COMMAND: invalid choice: 'x' (choose from serve, tour)") == (
        "没有 x 这个命令。有这些：serve, tour"
    )
