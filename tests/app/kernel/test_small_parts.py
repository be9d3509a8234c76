"""Locks, files, ids, logs and texts."""

import logging
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import i18n, logs, resources
from app.kernel.clock import SystemClock
from app.kernel.derived import NAMESPACE, derived_id
from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from app.kernel.files import private_folder, replace_file
from app.kernel.ids import IdSource, uuid7

ROOT = Path(__file__).parents[3]


def test_a_lock_is_held_by_one_and_comes_free_when_its_holder_dies(tmp_path: Path) -> None:
    path = tmp_path / "店 铺" / "shop.lock"
    program = (
        "import sys; from pathlib import Path; from app.kernel.filelock import FileLock\n"
        "lock = FileLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    lock = FileLock(path)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"True"
        assert not lock.acquire()
        holder.kill()
        holder.wait()
        assert lock.acquire() and lock.acquire()
    assert not FileLock(path).acquire()
    lock.release()
    lock.release()
    other = FileLock(path)
    assert other.acquire()
    other.release()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "钥匙" / "key"
    replace_file(path, b"one", secret=True)
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["key"]
    if sys.platform != "win32":
        replace_file(path, b"three", secret=True)
        assert path.stat().st_mode & 0o077 == 0


def test_new_ids_grow_with_time_and_never_repeat() -> None:
    ids = [uuid7() for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    assert [one[:13] for one in ids] == sorted(one[:13] for one in ids)
    assert all(one[14] == "7" and one[19] in "89ab" and one == one.lower() for one in ids)
    assert IdSource().new()[14] == "7"


def test_derived_ids_follow_from_their_words_and_their_borders() -> None:
    for number in range(64):
        assert derived_id("a", str(number)) == str(uuid.uuid5(NAMESPACE, f"a\x1f{number}"))
    assert len({derived_id("a", "b"), derived_id("ab"), derived_id("b", "a"), derived_id("a", "b", "")}) == 4


def test_the_clock_tells_the_present_in_utc() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("call 13800138000 now", "13800138000"),
        ("ship to 浙江省杭州市西湖区文三路90号", "文三路90号"),
        ("Authorization: Bearer abcdefgh123", "abcdefgh123"),
        ("token=abcdefgh123", "abcdefgh123"),
        ('{"token": "abcdefgh123"}', "abcdefgh123"),
        ('Authorization: WECHATPAY2 mchid="1",signature="abcdefgh123"', "abcdefgh123"),
        ('headers signature="abcdefgh123"', "abcdefgh123"),
        ("DETAIL:  Failing row contains (o1, 林晓雨, 12).", "林晓雨"),
        ("[parameters: ('林晓雨', 1)]", "林晓雨"),
    ],
)
def test_lines_lose_what_belongs_to_people(line: str, secret: str) -> None:
    assert secret in line and secret not in logs.redact(line)


def test_numbers_that_are_no_phones_stay() -> None:
    text = "order 20261124138001380001 took 13 ms, seq 1234567890"
    assert logs.redact(text) == text


@pytest.mark.warns_in_log("an exception is logged on purpose")
def test_traces_are_redacted_in_the_file_and_in_memory(tmp_path: Path) -> None:
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    recent = logs.set_up(tmp_path, "desk")
    try:
        raise ValueError("phone 13800138000")
    except ValueError:
        logging.getLogger("sync").exception("failed for %s", "13900139000")
    finally:
        for handler in [h for h in root.handlers if h not in kept]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    written = (tmp_path / "desk.log").read_text(encoding="utf-8")
    for text in (written, "\n".join(recent.lines)):
        assert "ValueError" in text and "138****8000" in text and "139****9000" in text
        assert "13800138000" not in text and "13900139000" not in text


def test_only_the_last_lines_are_kept_in_memory() -> None:
    recent = logs.RecentLines()
    for number in range(logs.RECENT_LINES + 10):
        recent.emit(logging.LogRecord("x", logging.INFO, "", 0, str(number), None, None))
    assert list(recent.lines)[0] == "10" and len(recent.lines) == logs.RECENT_LINES


def test_a_file_of_lines_ends_where_it_must_and_goes_on_in_the_next(tmp_path: Path) -> None:
    place = tmp_path / "服务.log"
    place.write_text("what stood there before\n" * 10, encoding="utf-8")
    file = logs.LogFile(place, maxBytes=1_000, backupCount=9, encoding="utf-8", delay=True)
    file.setFormatter(logs.OnceFormatter("%(message)s"))
    for number in range(100):
        file.handle(logging.LogRecord("x", logging.INFO, "", 0, f"第 {number:02} 行", None, None))
    file.close()
    parts = [place, *(tmp_path / f"服务.log.{number}" for number in range(1, 10))]
    found = [part.read_text(encoding="utf-8") for part in parts if part.exists()]
    assert len(found) == 2 and all(len(part.encode()) <= 1_000 + len("第 00 行\n".encode()) for part in found)
    lines = "".join(reversed(found)).splitlines()
    assert lines[10:] == [f"第 {number:02} 行" for number in range(100)]


def test_texts_come_in_the_chosen_language_with_their_places_filled() -> None:
    template = "Only {available_qty} pieces of {title} are left."
    params = {"available_qty": 2, "title": "咖啡"}
    assert i18n.render(template, params, "en") == "Only 2 pieces of 咖啡 are left."
    assert i18n.render("", {}, "zh_CN") == ""
    assert i18n.render("{no} places", {}, "en") == "{no} places"
    before = i18n.language()
    i18n.set_language("en")
    assert i18n.tr("Of {n}", n=1) == "Of 1"
    i18n.set_language(before)
    with pytest.raises(ValueError, match="klingon"):
        i18n.set_language("klingon")


def test_known_errors_tell_people_what_to_do() -> None:
    error = KnownError("disk.full", "The disk {name} is full.", {"name": "C:"})
    assert (str(error), error.code, error.params) == ("The disk C: is full.", "disk.full", {"name": "C:"})


def test_resources_are_found_or_missed_loudly() -> None:
    assert resources.path("i18n").is_dir()
    with pytest.raises(FileNotFoundError):
        resources.path("i18n/nowhere")


def test_a_new_folder_for_customers_data_lets_nobody_else_in(tmp_path: Path) -> None:
    folder = tmp_path / "店 铺" / "data"
    private_folder(folder)
    private_folder(folder)
    assert folder.is_dir()
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_exists_keeps_its_rights(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode
    private_folder(tmp_path)
    assert tmp_path.stat().st_mode == before
