"""A window with the story of one afternoon, to test and to look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.kernel.i18n import language
from ui.shell.issue_state import Choice, Fact, HistoryRow, IssueAction, IssueView
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState, WaitingItem
from ui.theme import metrics
from ui.widgets.bulk_bar import BulkAction, BulkBar
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.cell import Cell, Column, Mark
from ui.widgets.empty_state import EmptyState, Step
from ui.widgets.paged_table import PagedModel
from ui.widgets.table_view import PagedTableView
from ui.widgets.tabs import SegmentedTabs, Tab

NOW = datetime(2026, 11, 23, 18, 20).astimezone()
SHOP = ShopIdentity("山野咖啡", "文三路店 · 1 号柜台")


def said(chinese: str, english: str) -> str:
    return chinese if language() == "zh_CN" else english


def at(hour: int, minute: int) -> datetime:
    return NOW.replace(hour=hour, minute=minute)


@dataclass(frozen=True)
class SampleRow:
    name: str
    code: str
    fen: int
    stock: int


NAMES = ("云南小粒咖啡豆 深烘", "埃塞俄比亚 耶加雪菲 水洗", "山野拼配 意式特浓", "肯尼亚 AA 中烘", "燕麦奶 1L 咖啡大师")


class SampleShelf:
    """Answers at once."""

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, SampleRow]], None]) -> None:
        rows = {n: SampleRow(NAMES[n % 5], f"SY-{n:04}", 3800 + n * 100, max(0, 90 - n * 13)) for n in rowids}
        callback(rows)


def columns() -> tuple[Column[SampleRow], ...]:
    return (
        Column("name", lambda: said("商品", "Product"), lambda row: Cell(row.name, row.code, tile=row.name)),
        Column(
            "price", lambda: said("售价", "Price"), lambda row: Cell(f"¥{row.fen / 100:.2f}"), 140, "right", "price"
        ),
        Column("stock", lambda: said("可售库存", "In stock"), stock_cell, 140, "right", "stock"),
        Column(
            "state",
            lambda: said("状态", "State"),
            lambda _row: Cell(marks=(Mark(said("在售", "On sale"), "green"),)),
            190,
        ),
    )


def stock_cell(row: SampleRow) -> Cell:
    if row.stock:
        return Cell(str(row.stock))
    return Cell("0", said("全部无货", "Out of stock"), "danger", "danger")


class GoodsWidget(QWidget):
    """A list page as pages are meant to be built."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tabs = SegmentedTabs("States", self)
        self.table = PagedTableView("Products", parent=self)
        self.model = PagedModel(columns(), SampleShelf(), is_checkable=True, parent=self)
        self.bulk = BulkBar(self)
        self.add_button = Button("", "primary", "add", self)
        card = Card(padding=1, parent=self)
        card.body.setSpacing(metrics.SPACE_S)
        head = QVBoxLayout()
        head.setContentsMargins(14, 12, 14, 0)
        head.addWidget(self.tabs)
        card.body.addLayout(head)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 12)
        foot.addWidget(self.bulk)
        card.body.addWidget(self.table, 1)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(card, 1)
        self.table.show_model(self.model)
        self.table.set_rowids(range(1, 400))
        self.table.show_sorted("price", "descending")
        self.table.select_rowid(3)
        self.retranslate()

    def retranslate(self) -> None:
        self.tabs.set_tabs((Tab("all", said("全部", "All")), Tab("sale", said("在售", "On sale"))))
        self.tabs.set_counts({"all": 426, "sale": 57})
        self.add_button.setText(said("新建商品", "New product"))
        self.bulk.set_actions((BulkAction("price", said("改价…", "Change price…"), "tag"),))
        self.model.retranslate()

    def search_name(self) -> str:
        return said("搜索名称、编码、条码", "Search name, code, barcode")

    def search(self, text: str) -> None:
        self.searched = text


class EmptyWidget(EmptyState):
    def __init__(self, parent: QWidget) -> None:
        super().__init__("orders", parent)
        self.retranslate()

    def retranslate(self) -> None:
        self.set_texts(
            said("还没有订单", "No orders yet"),
            said("小程序里一有人下单，这里马上出现，并响一声。", "They appear here as soon as someone orders."),
            (
                Step(
                    "add",
                    said("再上几件", "Add more"),
                    said("上架商品", "Put goods on sale"),
                    said("已上架 6 件", "6 on sale"),
                ),
                Step(
                    "code",
                    said("下载小程序码", "Download the code"),
                    said("把小程序码贴出去", "Put up the shop's code"),
                    said("下载图片，打印贴在门口", "Print it and hang it at the door"),
                    "share",
                    True,
                ),
                Step("try", said("试一单", "Try it"), said("自己先试一单", "Try an order yourself"), "", "orders"),
            ),
        )


@dataclass
class SamplePage:
    key: str
    group: str
    icon: str
    chinese: str
    english: str
    waiting: int | None = None
    widget: Callable[[QWidget], QWidget] = EmptyWidget

    def title(self) -> str:
        return said(self.chinese, self.english)

    def fact(self) -> str:
        return said("共 426 件 · 2,318 个规格", "426 products · 2,318 variants")

    def count(self) -> int | None:
        return self.waiting

    def build(self, parent: QWidget) -> QWidget:
        return self.widget(parent)


def pages() -> tuple[SamplePage, ...]:
    return (
        SamplePage("settings", "admin", "settings", "设置", "Settings"),
        SamplePage("printing", "admin", "printing", "打印中心", "Print centre"),
        SamplePage("settlement", "admin", "settlement", "结算对账", "Settlement"),
        SamplePage("overview", "business", "overview", "概览", "Overview"),
        SamplePage("orders", "business", "orders", "订单", "Orders", 18),
        SamplePage("shipping", "business", "shipping", "发货", "Shipping", 0),
        SamplePage("pickup", "business", "pickup", "到店核销", "Pickup", 6),
        SamplePage("counter", "business", "counter", "收银", "Counter sale"),
        SamplePage("after_sales", "business", "after_sales", "售后", "After-sales", 1204),
        SamplePage("products", "goods", "products", "商品", "Products", widget=GoodsWidget),
        SamplePage("stock", "goods", "stock", "库存", "Stock"),
        SamplePage("members", "growth", "members", "会员", "Members"),
        SamplePage("promotions", "growth", "promotions", "营销", "Promotions"),
        SamplePage("reports", "growth", "reports", "报表", "Reports"),
    )


def offline() -> SyncState:
    return SyncState(
        SyncPhase.OFFLINE,
        at(17, 31),
        synced_at=at(17, 31),
        waiting_count=3,
        next_try_at=NOW + timedelta(seconds=8),
        waiting=(
            WaitingItem(at(17, 33), said("核销 马天宇", "Redeemed 马天宇"), "A-05"),
            WaitingItem(at(17, 42), said("核销 林晓雨", "Redeemed 林晓雨"), "A-12"),
            WaitingItem(at(17, 38), said("核销 郭诗涵", "Redeemed 郭诗涵"), "A-03"),
        ),
        works_now=(
            said("扫码核销", "Redeem by scan"),
            said("现金收银", "Cash sales"),
            said("改库存、改商品", "Stock and products"),
        ),
        needs_network=(
            said("退款", "Refunds"),
            said("微信收款", "WeChat payments"),
            said("员工和权限", "Staff and permissions"),
        ),
    )


def issues() -> tuple[IssueView, ...]:
    return (_cancelled(), _two_prices(), _settled())


def _cancelled() -> IssueView:
    return IssueView(
        "i1",
        "o1",
        "shipping",
        at(18, 20),
        said("发货没有成功", "Not shipped"),
        "蒋一诺 · 燕麦奶 1L ×1",
        said("发货没有成功：买家先取消了", "Not shipped: the buyer cancelled first"),
        said("订单 WX20261123048198 · 蒋一诺 1******3906", "Order WX20261123048198 · 蒋一诺 1******3906"),
        said(
            "陈子墨 18:04 点发货时正断网，发货还没传出去，买家就在小程序里取消了。"
            "先传到的算数，所以这一单按「已取消」处理。"
            "钱货都没有损失。",
            "陈子墨 shipped at 18:04 while offline. Before that was uploaded, the buyer cancelled in the mini-program. "
            "What arrives first counts, so the order is cancelled. Neither money nor goods are lost.",
        ),
        history=(
            HistoryRow(at(18, 2), said("网络", "Network"), said("断开", "lost"), "muted"),
            HistoryRow(
                at(18, 4),
                said("陈子墨 · 1 号柜台", "陈子墨 · counter 1"),
                said("点了发货，记在本机", "shipped, kept here"),
            ),
            HistoryRow(
                at(18, 6),
                said("买家 · 小程序", "Buyer · mini-program"),
                said("取消订单，自动退款 ¥114.00", "cancelled, ¥114.00 refunded"),
            ),
            HistoryRow(
                at(18, 20), said("网络", "Network"), said("恢复，发货没有被接受", "back, shipping refused"), "trouble"
            ),
        ),
        facts=(
            Fact("orders", said("订单", "Order"), said("已取消", "Cancelled")),
            Fact("settlement", said("退款", "Refund"), said("¥114.00 已退", "¥114.00 paid back")),
            Fact("stock", said("库存", "Stock"), said("已加回 1 件", "1 put back")),
            Fact("printing", said("面单", "Label"), said("没有打印", "Not printed")),
        ),
        advice=said("把已经打好包的这一件拆开，放回货架 C-12。", "Unpack the parcel and put it back on shelf C-12."),
        actions=(
            IssueAction("back", said("放回去了，了结", "Put back, settle"), "check", "primary"),
            IssueAction("order", said("看订单", "Open order"), "orders"),
            IssueAction("gone", said("包裹已经交给快递了…", "The parcel has left…"), stands_apart=True),
        ),
        note=said(
            "没有「再发一次」：订单已取消，再发也不会成功。"
            "真的已经寄出，请点右边，登记后由您决定追回还是联系买家补款。",
            "There is no “ship again”: the order is cancelled. "
            "If the parcel really left, press the button at the right.",
        ),
    )


def _two_prices() -> IssueView:
    def pick(key: str, text: str) -> IssueAction:
        return IssueAction(key, text)

    return IssueView(
        "i2",
        "p1",
        "tag",
        at(18, 19),
        said("改价没有生效", "Price not changed"),
        "燕麦奶 1L 咖啡大师",
        said("改价没有生效：王蕾先改了", "Price not changed: 王蕾 was first"),
        said("燕麦奶 1L 咖啡大师 · 整箱 6 瓶 · 改之前 ¥114.00", "燕麦奶 1L 咖啡大师 · box of 6 · was ¥114.00"),
        said(
            "您和王蕾在不同的柜台改了同一个价。您改的时候正断网，王蕾的先传到，所以店里现在按王蕾的价卖。"
            "价钱不能靠猜，请您选一个。",
            "You and 王蕾 changed the same price at different counters. Yours was made offline "
            "and 王蕾's arrived first. "
            "A price is not guessed: choose one.",
        ),
        choices=(
            Choice(
                said("王蕾改的", "By 王蕾"),
                said("店里现在卖这个价", "On sale at this price"),
                "green",
                "¥112.00",
                said("王蕾 · 店长 · 2 号柜台", "王蕾 · manager · counter 2"),
                said("18:05，在线", "18:05, online"),
                pick("theirs", said("就用 ¥112.00", "Use ¥112.00")),
            ),
            Choice(
                said("您改的", "By you"),
                said("没有生效", "Not in effect"),
                "amber",
                "¥109.00",
                said("李敏 · 店主 · 1 号柜台", "李敏 · owner · counter 1"),
                said("18:07，断网时", "18:07, offline"),
                pick("mine", said("改成 ¥109.00", "Change to ¥109.00")),
            ),
        ),
        facts=(
            Fact("cart", said("18:05 以来卖出", "Sold since 18:05"), said("0 件", "0 pieces")),
            Fact("stock", said("现在可卖", "On sale now"), said("4 件", "4 pieces")),
            Fact("settlement", said("已付的订单", "Paid orders"), said("价钱不变", "Price unchanged")),
        ),
        actions=(
            IssueAction("history", said("看价格记录", "Price history"), "history"),
            IssueAction("product", said("打开商品", "Open product"), "products"),
        ),
        note=said("选完这一条就了结，价格记录里两次都在。", "Choosing settles this; both changes stay in the history."),
    )


def _settled() -> IssueView:
    return IssueView(
        "i3",
        "s1",
        "stock",
        at(11, 2),
        said("库存变成负数", "Stock below zero"),
        said("马克杯 雾蓝 · 盘点后改为 6", "马克杯 雾蓝 · set to 6 after a count"),
        said("库存变成负数", "Stock below zero"),
        "马克杯 雾蓝",
        said("两个柜台断网时各卖了最后一件。", "Two counters each sold the last piece while offline."),
        closed_at=at(11, 20),
    )


def window() -> MainWindow:
    """The window of the afternoon, everything synced."""
    shown = MainWindow(pages(), SHOP, clock=lambda: NOW)
    shown.set_person(Person("李敏", said("店主", "Owner")))
    shown.set_sync(SyncState(SyncPhase.SYNCED, at(17, 20), synced_at=at(17, 20)))
    return shown
