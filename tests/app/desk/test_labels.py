"""The label of a parcel as the counter makes it: read back from the finished file, offline too."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.desk import labels
from app.desk.labels import Label, LabelRequest
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.waybills.commands import RecordCarriers, RecordWaybill, RequestWaybill
from app.replica.reader import open_reader
from tests.app.printing.labels import page_text, symbols
from tests.support.counter import Bought, Counter
from tests.support.shop import SERVICE

NUMBER = "SF1688124306257"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path, (Bought((("bean", 3), ("milk", 1)), remark="打 13812349593 放门口"),))
    yield found
    found.close()


def ship(counter: Counter, *lines: ShippedLine) -> None:
    shipped = lines or (ShippedLine("o1-1", 3), ShippedLine("o1-2", 1))
    assert counter.desktop.give(ShipOrder("o1", "parcel-1", shipped, "sf", "sf 1688 1243 06257")) == ""


def made(counter: Counter, form: str = "76x130", parcel: str = "parcel-1") -> Label | None:
    request = LabelRequest("o1", parcel, form, "zh_CN", counter.world.clock.now())
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        return labels.label(request)(connection)


def label(counter: Counter, form: str = "76x130") -> Label:
    found = made(counter, form)
    assert found is not None
    return found


@pytest.mark.parametrize("form", labels.FORMS)
def test_says_what_the_courier_needs_and_hides_the_person(counter: Counter, form: str) -> None:
    ship(counter)
    text = page_text(label(counter, form).pdf)
    for shown in ("顺丰速运", "徐**", "云南小粒咖啡豆", "×3", "WX20261123040001", "山野咖啡"):
        assert shown in text
    for hidden in ("徐嘉怡", "13912347715", "1201", "13812349593", "3 单元"):
        assert hidden not in text
    assert "1******7715" in text


def test_bars_are_the_waybill_number(counter: Counter) -> None:
    ship(counter)
    assert set(symbols(label(counter).picture)["Code128"]) == {NUMBER}


@pytest.mark.parametrize("form", labels.FORMS)
def test_a_number_from_the_carrier_brings_its_own_texts(counter: Counter, form: str) -> None:
    counter.shop.must(RecordCarriers(("sf",)), SERVICE)
    lines = (ShippedLine("o1-1", 3), ShippedLine("o1-2", 1))
    counter.shop.must(RequestWaybill("w1", "o1", "parcel-1", lines, "sf"))
    qr_text = f"MMM={{'k1':'571WF','k5':'{NUMBER}','k7':'24306257'}}"
    counter.shop.must(RecordWaybill("w1", NUMBER, "571WF-BC-018", "S47", qr_text, "特快"), SERVICE)
    counter.pull()
    found = label(counter, form)
    text = page_text(found.pdf)
    for shown in ("571WF-BC-018", "S47", "特快", "已验视"):
        assert shown in text
    assert "无三段码" not in text and found.warnings == ()
    read = symbols(found.picture)
    assert (set(read["Code128"]), read["QRCode"]) == ({NUMBER}, [qr_text])


def test_a_typed_number_says_that_it_has_no_sorting_code(counter: Counter) -> None:
    ship(counter)
    assert "无三段码" in page_text(label(counter).pdf)


def test_not_synced_until_the_service_has_confirmed_the_parcel(counter: Counter) -> None:
    counter.unplug()
    ship(counter)
    before = label(counter)
    assert not before.is_confirmed and "未同步" in page_text(before.pdf)
    counter.plug_in()
    counter.push()
    after = label(counter)
    assert after.is_confirmed and "未同步" not in page_text(after.pdf)


def test_tells_only_what_lies_in_this_parcel(counter: Counter) -> None:
    ship(counter, ShippedLine("o1-1", 2))
    text = page_text(label(counter).pdf)
    assert "×2" in text and "燕麦奶" not in text and "共 2 件" in text and "0.908 kg" in text


def test_two_parcels_of_one_order_do_not_mix(counter: Counter) -> None:
    ship(counter, ShippedLine("o1-1", 2))
    rest = (ShippedLine("o1-1", 1), ShippedLine("o1-2", 1))
    assert counter.desktop.give(ShipOrder("o1", "parcel-2", rest, "zto", "75312345678901")) == ""
    first, second = page_text(label(counter).pdf), made(counter, parcel="parcel-2")
    assert second is not None
    assert "燕麦奶" not in first and "共 2 件" in first
    assert "燕麦奶" in page_text(second.pdf) and "中通快递" in page_text(second.pdf)


def test_time_on_the_paper_is_the_shops(counter: Counter) -> None:
    ship(counter)
    assert "2026-11-23 17:27" in page_text(label(counter).pdf)


def test_no_label_without_parcel_or_receiver(counter: Counter) -> None:
    ship(counter)
    assert made(counter, parcel="another") is None
    counter.desktop.holder.database.execute("DELETE FROM order_contacts")
    assert made(counter) is None


def test_file_lies_in_the_folder_under_a_name_without_a_person(counter: Counter, tmp_path: Path) -> None:
    ship(counter)
    finished = label(counter)
    folder = tmp_path / "面单 今天"
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        saved = labels.saving(finished, folder)(connection)
    assert saved.problem == "" and saved.path == folder / f"WX20261123040001_{NUMBER}_76x130.pdf"
    assert saved.path.read_bytes() == finished.pdf.data
    assert [p.name for p in folder.iterdir()] == [saved.path.name]


def test_folder_that_cannot_be_written_is_said(counter: Counter, tmp_path: Path) -> None:
    ship(counter)
    blocked = tmp_path / "a file"
    blocked.write_text("x", encoding="utf-8")
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        saved = labels.saving(label(counter), blocked / "below")(connection)
    assert saved.problem


def test_odd_signs_never_reach_the_file_system(counter: Counter) -> None:
    assert labels.file_name("WX/1:2", "..\\SF1", "76x130") == "WX-1-2_SF1_76x130.pdf"
