"""The printers of a computer: what is changed counts at once, keeps nobody waiting, and is there at the next start."""

import errno
import threading
from pathlib import Path

import pytest

from app.desk import kept_file
from app.desk.printers import Language, PrinterSetup, PrinterStore, Way
from app.domain.paper.model import DocumentKind
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from tests.support.waiting import until

LABELS = PrinterSetup("tsc", "面单机", Way.NETWORK, Language.TSPL, "10.0.0.9", (DocumentKind.LABEL,))


def test_a_change_counts_before_a_slow_disk_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_take, on = threading.Event(), list[str]()

    def slow(path: Path, content: bytes) -> None:
        on.append(threading.current_thread().name)
        may_take.wait(10)
        replace_file(path, content)

    monkeypatch.setattr(kept_file, "replace_file", slow)
    store = PrinterStore(tmp_path)
    store.save(LABELS)
    store.pause("tsc", is_paused=True)
    store.remove("pdf")
    assert store.printer_for(DocumentKind.LABEL).is_paused
    may_take.set()
    store.close()
    assert PrinterStore(tmp_path).printer_for(DocumentKind.LABEL).is_paused
    assert threading.current_thread().name not in on


@pytest.mark.warns_in_log("the disk is full on purpose")
def test_a_full_disk_is_told_and_the_printer_counts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store, told = PrinterStore(tmp_path), list[KnownError]()
    store.on_failed = told.append
    monkeypatch.setattr(kept_file, "replace_file", refuse)
    store.save(LABELS)
    until(lambda: bool(told), "being told")
    assert told[0].code == "preferences.not_kept" and store.printer("tsc") == LABELS
    monkeypatch.undo()
    store.close()
    assert PrinterStore(tmp_path).printer("tsc") == LABELS
