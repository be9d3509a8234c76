"""What the first lines of every start decide before anything is installed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import main
from app.bootstrap import environment, texts, wishes
from app.bootstrap.place import PYTHON, PYTHON_NAME, ROOT, RUN_LOCK, TEST_LOCK, SetupFailed

SCREEN = {"DISPLAY": ":0"}


@pytest.mark.parametrize("word", [[], ["desktop"]])
@pytest.mark.parametrize("options", [[], ["--real"], ["--service", "https://shop.example", "--code", "AAAA-BBBB"]])
def test_with_a_screen_the_program_understands_how_its_desktop_is_opened(word: list[str], options: list[str]) -> None:
    command, changes = wishes.plan(*wishes.wish([*word, *options]), SCREEN)
    assert command[:2] == [str(PYTHON), wishes.MAIN]
    assert changes == {}
    understood = main.understood(command[2:])
    assert understood.command is None
    assert (understood.real, understood.code) == ("--real" in options, "AAAA-BBBB" if "--code" in options else "")


def test_help_needs_no_screen() -> None:
    assert wishes.plan(*wishes.wish(["--help"]), {})[0][1:] == [wishes.MAIN, "--help"]


@pytest.mark.parametrize(
    ("words", "lock"),
    [
        (["tour"], TEST_LOCK),
        (["tour", "--help"], RUN_LOCK),
        (["test", "--help"], TEST_LOCK),
        (["serve"], RUN_LOCK),
        ([], RUN_LOCK),
    ],
)
def test_nobody_waits_for_packages_that_the_answer_does_without(words: list[str], lock: str) -> None:
    assert wishes.lock_for(*wishes.wish(words)) == lock


_PIP_SAYS = """Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Requirement already satisfied: alembic==1.20.1 in ./.venv (from -r requirements-test.lock (line 1)) (1.20.1)
Requirement already satisfied: typing-extensions>=4.12 in ./.venv (from alembic==1.20.1->-r x (line 1)) (4.16.0)
Collecting execnet==2.1.2
  Downloading execnet-2.1.2-py3-none-any.whl (40 kB)
Collecting uvicorn[standard]==0.54.0
Installing collected packages: execnet, uvicorn
"""


def test_the_count_of_packages_ends_at_its_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PIP_LOG", tmp_path / "install.log")
    speaking = [sys.executable, "-X", "utf8", "-c", f"print({_PIP_SAYS!r}, end='')"]
    with subprocess.Popen(speaking, stdout=subprocess.PIPE, text=True, encoding="utf-8") as pip:
        kept = environment._follow(pip, total=4)
    assert [line for line in capsys.readouterr().out.splitlines() if "…" not in line] == [
        "  [2/3] execnet 2.1.2",
        "    下载 fetching 40 kB",
        "  [3/3] uvicorn 0.54.0",
        "  正在安装 2 个软件包。 Installing 2 packages.",
    ]
    assert "\n".join(kept) + "\n" == _PIP_SAYS == environment.PIP_LOG.read_text("utf-8")


@pytest.mark.parametrize(
    ("lock", "had", "told"),
    [
        (RUN_LOCK, {}, "First start: preparing the environment (about 130 MB"),
        (TEST_LOCK, {}, "First start: preparing the environment (about 200 MB"),
        (TEST_LOCK, {RUN_LOCK: "now"}, "some more packages (about 70 MB"),
        (TEST_LOCK, {RUN_LOCK: "old", TEST_LOCK: "old"}, "The program has changed"),
        (RUN_LOCK, {RUN_LOCK: "old"}, "The program has changed"),
    ],
)
def test_what_is_fetched_is_told_before_it_is(lock: str, had: dict[str, str], told: str) -> None:
    assert told in environment._announced(lock, had)


def test_words_are_handed_on() -> None:
    command, _ = wishes.plan("serve", ["--port", "8080"], {})
    assert command[1:] == [wishes.MAIN, "serve", "--port", "8080"]


def test_tests_are_drawn_offscreen_unless_somebody_wants_to_look() -> None:
    command, changes = wishes.plan("test", ["-x"], {"QT_QPA_PLATFORM": "xcb"})
    assert command[1:3] == ["-m", "pytest"] and command[-1] == "-x"
    assert "QT_QPA_PLATFORM" not in changes
    assert wishes.plan("test", [], {})[1]["QT_QPA_PLATFORM"] == "offscreen"


def test_without_a_screen_the_tour_is_played_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    command, changes = wishes.plan("desktop", [], {})
    if sys.platform.startswith("linux"):
        assert command[1:4] == [wishes.MAIN, "tour", "--out"]
        assert changes["QT_QPA_PLATFORM"] == "offscreen"
        assert "There is no screen here" in capsys.readouterr().out
    else:
        assert command[1:] == [wishes.MAIN]


@pytest.mark.parametrize(
    ("words", "is_shown"),
    [
        (["--real"], False),
        (["desktop", "--real"], False),
        (["--service", "https://shop.example", "--code=AAAA-BBBB"], False),
        (["--data", "counter-2"], False),
        ([], True),
        (["desktop"], True),
        (["--real", "--help"], True),
        (["serve", "--port", "0"], True),
        (["tour", "--out", "x"], True),
    ],
)
def test_nobodys_own_shop_is_replaced_by_the_demo_where_there_is_no_screen(words: list[str], is_shown: bool) -> None:
    is_here = is_shown or not sys.platform.startswith("linux")  # elsewhere there always is a screen
    assert wishes.cannot_be_shown(*wishes.wish(words), {}) is not is_here
    assert not wishes.cannot_be_shown(*wishes.wish(words), SCREEN)


def test_who_asks_for_a_shop_without_a_screen_is_told_what_to_do_and_nothing_is_fetched(tmp_path: Path) -> None:
    program = tmp_path / "掌柜"
    (program / "app" / "kernel").mkdir(parents=True)
    for file in ("app/__init__.py", "app/kernel/__init__.py", "app/kernel/filelock.py"):
        shutil.copy(ROOT / file, program / file)
    shutil.copytree(ROOT / "app" / "bootstrap", program / "app" / "bootstrap")
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    asked = [sys.executable, "-X", "utf8", "-m", "app.bootstrap", "--real"]
    if sys.platform.startswith("linux"):  # elsewhere there always is a screen
        done = subprocess.run(
            asked, check=False, cwd=program, env=bare, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 1 and done.stderr == ""
        assert all(words in done.stdout for words in ("没有屏幕", "no screen here", "./run.sh serve"))
        assert not (program / ".venv").exists()


def test_a_half_made_environment_is_never_taken_for_whole(tmp_path: Path) -> None:
    stamp = tmp_path / environment.STAMP_NAME
    python = tmp_path / PYTHON_NAME
    whole = {"python": sys.version, RUN_LOCK: "digest"}
    assert environment.read_stamp(tmp_path) == {}
    stamp.write_text(json.dumps(whole), encoding="utf-8")
    assert environment.read_stamp(tmp_path) == {}
    python.parent.mkdir(parents=True)
    python.touch()
    assert environment.read_stamp(tmp_path) == whole
    for broken in (json.dumps(whole)[:-4], json.dumps(whole | {"python": "another"}), "[]"):
        stamp.write_text(broken, encoding="utf-8")
        assert environment.read_stamp(tmp_path) == {}


def test_translations_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    source = tmp_path / "zh_CN" / "店铺 shop.po"
    source.parent.mkdir()
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n', "utf-8"
    )
    orphan = source.with_name("gone.mo")
    orphan.touch()
    texts.compile_texts(Path(sys.executable), tmp_path)
    compiled = source.with_suffix(".mo")
    assert "甲".encode() in compiled.read_bytes()
    assert not orphan.exists()
    os.utime(source, (1, 1))
    compiled.write_bytes(b"kept")
    texts.compile_texts(Path(sys.executable), tmp_path)
    assert compiled.read_bytes() == b"kept"


def test_a_broken_translation_stops_the_start_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "zh_CN" / "shell.po").write_text('msgid "a"\nnonsense\n', "utf-8")
    with pytest.raises(SetupFailed, match="not well formed"):
        texts.compile_texts(Path(sys.executable), tmp_path)


@pytest.mark.parametrize("what", ["test", "bench"])
def test_checks_speak_a_language_that_every_machine_has(what: str) -> None:
    _, changes = wishes.plan(what, [], {"LC_ALL": "xx_YY.UTF-8", "LANG": "xx_YY.UTF-8"})
    assert changes.get("LC_ALL") == ("C.UTF-8" if sys.platform.startswith("linux") else None)
    assert "LC_ALL" not in wishes.plan("tour", [], {"LC_ALL": "xx_YY.UTF-8"})[1], "it tells in the terminal's own"


def test_the_bench_is_measured_offscreen() -> None:
    command, changes = wishes.plan("bench", ["--quick"], {})
    assert command[1:] == ["-m", "benchmarks.run", "--quick"] and changes["QT_QPA_PLATFORM"] == "offscreen"


def test_the_program_starts_where_its_user_stands(tmp_path: Path) -> None:
    assert wishes.stand({wishes.CALLER: str(tmp_path)}) == tmp_path
    assert wishes.stand({}) == wishes.stand({wishes.CALLER: str(tmp_path / "gone")}) == ROOT
