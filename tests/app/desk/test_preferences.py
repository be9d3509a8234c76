"""What belongs to this counter counts at once and reaches the disk behind it, in order and told when it does not."""

import errno
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk import kept_file
from app.desk.preferences import FILE, Preferences, PreferenceStore
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from tests.support.waiting import until


class Disk:
    """Takes one file at a time, when it may; ``is_full`` takes none. ``taken`` are the themes that reached it."""

    def __init__(self) -> None:
        self.may_take = threading.Event()
        self.has_begun = threading.Event()
        self.is_full = False
        self.taken: list[str] = []
        self.threads: set[str] = set()

    def take(self, path: Path, content: bytes) -> None:
        self.threads.add(threading.current_thread().name)
        self.has_begun.set()
        self.may_take.wait(10)
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace_file(path, content)
        self.taken.append(json.loads(content)["theme"])


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    found = Disk()
    monkeypatch.setattr(kept_file, "replace_file", found.take)
    yield found
    found.may_take.set()


FULL = pytest.mark.warns_in_log("the disk is full on purpose")


def theme(store: PreferenceStore, name: str) -> None:
    store.write(replace(store.read(), theme=name))


def test_a_slow_disk_keeps_nobody_waiting_and_the_last_choice_wins(disk: Disk, tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path)
    theme(store, "dark")
    assert disk.has_begun.wait(10)
    theme(store, "system")
    theme(store, "light")
    assert store.read().theme == "light" and disk.taken == []
    disk.may_take.set()
    store.close()
    assert disk.taken == ["dark", "light"]
    assert PreferenceStore(tmp_path).read().theme == "light"
    assert threading.current_thread().name not in disk.threads


@FULL
def test_what_the_disk_did_not_take_is_told_and_goes_with_the_next_choice(disk: Disk, tmp_path: Path) -> None:
    store, told = PreferenceStore(tmp_path), list[KnownError]()
    store.on_failed = told.append
    disk.may_take.set()
    disk.is_full = True
    theme(store, "dark")
    until(lambda: bool(told), "being told")
    assert (told[0].code, store.read().theme) == ("preferences.not_kept", "dark")
    assert "No space left" in str(told[0])
    disk.is_full = False
    store.write(replace(store.read(), sound_volume=50))
    store.close()
    assert PreferenceStore(tmp_path).read() == replace(Preferences(), theme="dark", sound_volume=50)


@FULL
def test_closing_tries_once_more(disk: Disk, tmp_path: Path) -> None:
    store, told = PreferenceStore(tmp_path), list[KnownError]()
    store.on_failed = told.append
    disk.may_take.set()
    disk.is_full = True
    theme(store, "dark")
    until(lambda: bool(told), "being told")
    disk.is_full = False
    store.close()
    assert PreferenceStore(tmp_path).read().theme == "dark"


def test_what_must_be_there_before_the_windows_is_refused_aloud(disk: Disk, tmp_path: Path) -> None:
    disk.may_take.set()
    disk.is_full = True
    with pytest.raises(KnownError, match=FILE):
        PreferenceStore(tmp_path).write_now(Preferences(service_url="http://10.0.0.2:7415"))


def test_what_a_newer_program_wrote_stays_in_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"theme": "dark", "sound_volume": "loud", "from_later": [1]}', encoding="utf-8")
    store = PreferenceStore(tmp_path)
    assert (store.read().theme, store.read().sound_volume) == ("dark", 100)
    theme(store, "light")
    store.close()
    kept = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    assert (kept["from_later"], kept["theme"], kept["sound_volume"]) == ([1], "light", 100)
