"""The products page in the real window, over a real replica: python -m tests.ui.pages.catalog.scene FOLDER draws it."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.picture_store import PictureStore
from app.desk.pictures import Pictures
from app.domain.catalog.commands import CreateCategory, CreateProduct, EditProduct, EditSku, NewAxis, NewSku
from app.domain.money import Fen
from app.domain.stock.commands import ReceiveStock
from app.kernel.i18n import set_language
from tests.support.counter import STORY, Counter
from tests.support.shop import PLACE
from tests.ui.pages.orders.scene import QuietDesk, settle
from ui.bridge.pictures import PictureShelf
from ui.bridge.services import PageServices
from ui.pages.catalog.page import ProductsPage, entry
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity, SyncPhase, SyncState
from ui.theme.apply import apply
from ui.widgets.toast import Toast

SHELF = (
    ("yn", "云南小粒咖啡豆 深烘", "single", ("227 g", "454 g", "1 kg"), (3800, 6800, 13600), (46, 3, 0)),
    ("et", "埃塞俄比亚 耶加雪菲 水洗", "single", ("227 g", "454 g"), (4600, 16800), (120, 144)),
    ("bl", "山野拼配 意式特浓", "blend", ("454 g",), (6600,), (519,)),
    ("pa", "巴拿马 波奎特 浅烘", "single", ("100 g", "200 g"), (8800, 16800), (0, 0)),
)


def fill(counter: Counter) -> None:
    """A tree of categories and products of several articles, low, sold out and as a draft."""
    must = counter.shop.must
    for category_id, parent, name in (
        ("single", "cat", "单品豆"),
        ("blend", "cat", "拼配豆"),
        ("tools", "", "器具"),
    ):
        must(CreateCategory(category_id, parent, name, 5))
    for code, title, category, values, prices, stock in SHELF:
        skus = tuple(
            NewSku(f"{code}-{n}", (value,), f"SY-{code.upper()}-{n}", "", Fen(fen), 454, f"B-0{n}-1")
            for n, (value, fen) in enumerate(zip(values, prices, strict=True), 1)
        )
        must(
            CreateProduct(code, category, title, skus, (NewAxis(f"{code}-x", "净含量", values),), "日晒干香，深烘醇厚")
        )
        for sku, qty in zip(skus, stock, strict=True):
            if qty:
                must(ReceiveStock(sku.sku_id, PLACE, qty))
        counter.world.clock.advance(minutes=3)
        if code != "bl":
            must(EditProduct(code, {"state": {"from": "draft", "to": "on_sale"}}))
    must(EditProduct("pa", {"state": {"from": "on_sale", "to": "off_sale"}}))
    counter.pull()


class NoLine:
    """No service knows these pictures: what shows was chosen at this counter."""

    def picture(self, sha256: str) -> bytes | None:
        return None

    def send_picture(self, sha256: str, content: bytes) -> None:
        raise AssertionError("nothing is sent in a scene")


def drawn(folder: Path, name: str, tint: tuple[int, int, int], size: tuple[int, int] = (600, 600)) -> Path:
    """A picture as somebody might choose it."""
    picture = Image.new("RGB", size, tint)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 150, 450, 450), fill=tuple(255 - part // 2 for part in tint))
    picture.save(folder / name)
    return folder / name


class Scene:
    """``said`` are the toasts, ``gone`` the pages that were asked for."""

    def __init__(self, counter: Counter, size: tuple[int, int] = (1440, 900)) -> None:
        self.counter = counter
        self.said: list[str] = []
        self.gone: list[tuple[str, object]] = []
        runner = counter.runner
        self.desk = QuietDesk(counter.world.clock, counter.ids, runner.on_duty, runner.hub)
        self.pictures = Pictures(PictureStore(counter.folder / "pictures"), NoLine())
        services = PageServices(
            self.desk,  # type: ignore[arg-type]
            runner,
            self.say,
            lambda key, row: self.gone.append((key, row)),
            None,
            self.recount,
            pictures=PictureShelf(runner, lambda: self.pictures),
            offer=self.offer,
        )
        self.window: MainWindow | None = None
        self.entry = entry(services)
        shop = ShopIdentity("山野咖啡", "文三路店 · 1 号柜台")
        self.window = MainWindow((self.entry,), shop, counter.world.clock.now)
        self.window.set_person(Person("李敏", "店主"))
        now = counter.world.clock.now()
        self.window.set_sync(SyncState(SyncPhase.SYNCED, now, synced_at=now))
        self.window.resize(*size)
        self.window.show()
        self.window.refresh_counts()

    def say(self, text: str) -> None:
        self.said.append(text)
        if self.window is not None:
            self.window.notify(Toast(text))

    def offer(self, text: str, verb: str, act: Callable[[], None]) -> None:
        self.said.append(text)
        if self.window is not None:
            self.window.notify(Toast(text, verb=verb, act=act))

    def recount(self) -> None:
        if self.window is not None:
            self.window.refresh_counts()

    @property
    def page(self) -> ProductsPage:
        if self.window is None:
            raise LookupError("no window")
        widget = self.window.page_widget("products")
        if not isinstance(widget, ProductsPage):
            raise TypeError(widget)
        return widget

    def close(self) -> None:
        if self.window is not None:
            self.page.presenter.close()
            self.pictures.close()
            self.window.close()
            self.window.deleteLater()


def _draw(app: QApplication, scene: Scene, folder: Path, name: str) -> None:
    settle(app)
    for number, (what, shown) in enumerate(states(scene), 1):
        settle(app)
        shown.grab().save(str(folder / f"{name}-{number:02}-{what}.png"))


def type_into(field: Any, text: str) -> None:
    """As a person does: the field is told, and so is who listens to typing."""
    field.setText(text)
    field.textEdited.emit(text)


def states(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    """The page's states and dialogs, one after the other; each is to be looked at before the next is asked for."""
    page, window = scene.page, scene.window
    if window is None:
        return
    page.presenter.open_product("yn")
    yield "open", window
    page._on_escape()
    yield "wide", window
    page.table.row_activated.emit(None)
    yield from _edit_states(scene)
    yield "saved", window
    yield from _dialog_states(scene)
    page.search("没有的")
    yield "filtered", window
    page.presenter.clear_filter()


def _edit_states(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    scene.page.edit()
    dialog: Any = scene.page.dialog
    fields = dialog.articles.fields
    type_into(dialog.title_field, "云南小粒咖啡豆 深烘 新装")
    fields[("yn-2", "list_fen")].set_fen(7200)
    type_into(fields[("yn-3", "shelf")], "B-02-3")
    type_into(fields[("yn-1", "barcode")], "6901234567890")
    dialog.presenter.save()
    yield "edit", dialog
    folder = scene.counter.folder
    tints = {"豆.png": (190, 120, 60), "杯.png": (90, 140, 200), "袋.png": (70, 160, 110)}
    dialog.album.add_files([drawn(folder, name, tint) for name, tint in tints.items()])
    dialog.album.add_video("https://shop.example/roast.mp4")
    dialog.pictures.buttons[dialog.album.items[1].media_id].click()
    yield "edit-pictures", dialog
    dialog.add_article()
    dialog.article_dialog.barcode_field.setText("690123456789")
    dialog.article_dialog.barcode_field.textEdited.emit("690123456789")
    yield "article", dialog.article_dialog
    dialog.article_dialog.reject()
    type_into(fields[("yn-1", "barcode")], "")
    scene.counter.shop.must(EditSku("yn-3", {"shelf": {"from": "B-03-1", "to": "B-02-2"}}))
    scene.counter.pull()
    yield "edit-conflict", dialog
    dialog.presenter.keep_mine(("yn-3", "shelf"))
    dialog.presenter.save()


def _dialog_states(scene: Scene) -> Iterator[tuple[str, QWidget]]:
    page = scene.page
    page.adjust_stock("yn-2")
    stock: Any = page.dialog
    stock.reason_box.choose("damaged")
    stock.qty_field.set_value(9)
    stock.save_button.click()
    yield "stock", stock
    stock.tabs.set_current("count")
    stock.tabs.tab_changed.emit("count")
    stock.count_field.set_value(2)
    yield "stock-count", stock
    stock.reject()
    page.create_product()
    new: Any = page.dialog
    new.title_field.setText("肯尼亚 AA 中烘")
    new.values_field.setText("227 g，454 g")
    new.save_button.click()
    yield "new-product", new
    new.reject()
    page.create_category()
    category: Any = page.dialog
    category.save_button.click()
    yield "new-category", category
    category.reject()


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            for size in ((1440, 900), (1366, 768)):
                set_language(language)
                apply(app, theme)  # type: ignore[arg-type]
                with tempfile.TemporaryDirectory() as place:
                    counter = Counter(Path(place), STORY)
                    fill(counter)
                    scene = Scene(counter, size)
                    _draw(app, scene, folder, f"{theme}-{language}-{size[1]}")
                    scene.close()
                    counter.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
