"""What ``doctor`` says of this computer's printers."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.printer_check import check_printers, tell_printers
from app.desk.printers import Language, PrinterSetup, PrinterStore, Way, pdf_folder
from app.domain.paper.model import DocumentKind
from app.kernel.i18n import set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


def no_queues() -> tuple[str, ...]:
    return ()


def found(folder: Path, *setups: PrinterSetup, queues: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    """What is said, and whether something is to be done."""
    (folder / "device.json").touch()
    store = PrinterStore(folder)
    for setup in setups:
        store.save(setup)
    store.close()
    return [(each.text, bool(each.advice)) for each in check_printers(folder, lambda: queues)]


def label_printer(port: int) -> PrinterSetup:
    at = f"127.0.0.1:{port}"
    return PrinterSetup("zebra", "Zebra", Way.NETWORK, Language.ZPL, at, (DocumentKind.LABEL,))


def test_printer_in_the_network_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert ("The printer Zebra is there.", False) in found(tmp_path, label_printer(port))
    assert (f"The printer Zebra is not reached at 127.0.0.1:{port}.", True) in found(tmp_path)


def test_printer_of_the_system_must_still_be_one_of_its_printers(tmp_path: Path) -> None:
    office = PrinterSetup("hp", "Office", Way.QUEUE, Language.PDF, "HP-1020", (DocumentKind.PICKING,))
    assert ("The printer Office is there.", False) in found(tmp_path, office, queues=("HP-1020",))
    assert ("The printer Office is not reached at HP-1020.", True) in found(tmp_path)


def test_papers_that_no_printer_prints_need_a_folder_that_takes_them(tmp_path: Path) -> None:
    papers = tmp_path / "papers" / "of today"
    assert found(tmp_path, pdf_folder(papers)) == [(f"Papers without a printer are kept in {papers}.", False)]
    (tmp_path / "papers").write_text("a file where the folder shall be")
    assert found(tmp_path) == [(f"No paper can be kept in {papers}.", True)]


def test_nothing_is_said_where_no_desktop_is(tmp_path: Path) -> None:
    assert check_printers(tmp_path, no_queues) == []


def test_what_is_wrong_stands_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found(tmp_path, PrinterSetup("hp", "Office", Way.QUEUE, Language.PDF, "HP-1020", (DocumentKind.PICKING,)))
    assert not tell_printers(tmp_path, no_queues)
    assert "✗ The printer Office is not reached at HP-1020.\n    → Switch it on" in capsys.readouterr().out
