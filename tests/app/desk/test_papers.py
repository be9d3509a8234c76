"""Receipts and picking lists from the counter's own copy: read back from the finished file."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desk import papers
from app.desk.papers import Paper, PaperWish
from app.domain.aftersales.commands import CancelUnpaid, RequestRefund
from app.domain.orders.commands import NoteOrder
from app.domain.paper.model import DocumentKind
from app.printing.bitmap import rasterise
from app.replica.reader import open_reader
from tests.app.printing.labels import page_text, symbols
from tests.support.counter import Bought, Counter

STORY = (
    Bought((("bean", 3), ("milk", 2), ("cold", 1)), "partly_shipped", remark="打 13812349593 放门口"),
    Bought((("milk", 1),)),
    Bought((("bean", 1),), "shipped"),
)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path, STORY)
    yield found
    found.close()


def made(counter: Counter, wish: PaperWish) -> Paper | None:
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        return papers.made(wish)(connection)


def wish(counter: Counter, kind: DocumentKind, *order_ids: str, form: str = "58") -> PaperWish:
    return PaperWish(kind, order_ids, form, "zh_CN", counter.world.clock.now(), list_id="", staff="李敏")


def amounts(text: str) -> list[int]:
    return [
        (-1 if sign else 1) * int(yuan.replace(",", "")) * 100 + (-1 if sign else 1) * int(fen)
        for sign, yuan, fen in re.findall(r"(−?)¥([\d,]+)\.(\d\d)", text)
    ]


@pytest.mark.parametrize("form", ["58", "80"])
def test_a_receipt_adds_up_to_the_order_and_hides_the_person(counter: Counter, form: str) -> None:
    paper = made(counter, wish(counter, DocumentKind.RECEIPT, "o1", form=form))
    assert paper is not None and paper.is_confirmed
    text = page_text(paper.pdf)
    assert "快递" in text and "微信支付" in text and "李敏" in text and "¥531.00" in text
    for hidden in ("徐嘉怡", "13912347715", "13812349593", "1201"):
        assert hidden not in text
    goods = [3 * 6800, 2 * 11400, 9900]
    assert sum(goods) == 53100 and set(goods) | {53100} <= set(amounts(text))
    assert paper.file_name == f"receipt_WX20261123040001_{form}.pdf" and "WX2026" in paper.title


def test_what_rules_took_off_stands_between_goods_and_total(counter: Counter) -> None:
    database = counter.desktop.holder.database
    database.execute("UPDATE orders SET discount_fen = 1500, freight_fen = 800, total_fen = 52400 WHERE id = 'o1'")
    database.execute("UPDATE orders SET paid_fen = 52400 WHERE id = 'o1'")
    database.execute(
        "INSERT INTO order_discounts (id, order_id, line_id, rule_id, rule_version, fen, reason, params, row_version)"
        " VALUES ('d', 'o1', 'o1-1', 'level_price', 0, 1000, 'pricing.level_price', '{}', 1)"
    )
    paper = made(counter, wish(counter, DocumentKind.RECEIPT, "o1"))
    assert paper is not None
    text = page_text(paper.pdf)
    for shown in ("会员价", "−¥10.00", "优惠", "−¥5.00", "运费", "¥8.00", "¥524.00"):
        assert shown in text
    assert 53100 - 1000 - 500 + 800 == 52400


def test_a_reprint_says_so_and_what_is_not_synced_too(counter: Counter) -> None:
    counter.unplug()
    assert counter.desktop.give(NoteOrder("o1", "易碎")) == ""
    paper = made(counter, replace(wish(counter, DocumentKind.RECEIPT, "o1"), copy_no=2))
    assert paper is not None and not paper.is_confirmed
    assert "补打 · 第 2 次" in page_text(paper.pdf) and "未同步" in page_text(paper.pdf)
    assert paper.file_name.endswith("_copy2.pdf")


def test_one_walk_fetches_what_is_still_to_leave_of_all_orders(counter: Counter) -> None:
    early = datetime(2026, 11, 26, 18, 47, 13, tzinfo=UTC)
    asked = replace(wish(counter, DocumentKind.PICKING, "o1", "o2", form="A4"), list_id="list", at=early)
    paper = made(counter, asked)
    assert paper is not None and paper.wish.key == "picking:list:1"
    assert paper.file_name.startswith("picking_20261127-024713"), "the morning of the shop, not of Greenwich"
    text = page_text(paper.pdf)
    assert "云南小粒咖啡豆" not in text, "the beans have left"
    assert "1×2" in text and "2×1" in text and "2 单 · 4 件" in text
    assert set(symbols(rasterise(paper.pdf))["Code128"]) == {"WX20261123040001", "WX20261123040002"}
    assert "徐嘉怡" not in text


def test_nobody_walks_for_an_order_that_was_cancelled(counter: Counter) -> None:
    counter.buy(4, Bought((("milk", 1),), "unpaid"))
    counter.shop.must(CancelUnpaid("o4"))
    counter.shop.must(RequestRefund("o2", "refund-1", ""))
    counter.pull()
    assert made(counter, wish(counter, DocumentKind.PICKING, "o2", "o4", form="A4")) is None
    paper = made(counter, wish(counter, DocumentKind.PICKING, "o1", "o2", "o4", form="A4"))
    assert paper is not None and set(symbols(rasterise(paper.pdf))["Code128"]) == {"WX20261123040001"}


def test_a_label_is_the_same_as_ever_and_names_its_copy(counter: Counter) -> None:
    label = replace(wish(counter, DocumentKind.LABEL, "o1", form="76x130"), parcel_id="o1-parcel")
    paper = made(counter, label)
    assert paper is not None and paper.wish.key == "label:o1-parcel:1"
    assert set(symbols(rasterise(paper.pdf))["Code128"]) == {"SF1688124306001"}
    assert paper.file_name == "WX20261123040001_SF1688124306001_76x130.pdf"
    again = made(counter, replace(label, copy_no=3))
    assert again is not None and "补打 · 第 3 次" in page_text(again.pdf)


def test_no_paper_of_what_is_not_here(counter: Counter) -> None:
    for kind in DocumentKind:
        assert made(counter, wish(counter, kind, "nothing", form="A4")) is None
    label = replace(wish(counter, DocumentKind.LABEL, "o1", form="76x130"), parcel_id="o1-parcel")
    counter.desktop.holder.database.execute("DELETE FROM order_contacts")
    assert made(counter, label) is None
    receipt = made(counter, wish(counter, DocumentKind.RECEIPT, "o1"))
    assert receipt is not None and "打" + " 138" not in page_text(receipt.pdf)
