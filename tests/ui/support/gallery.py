"""Draws the window in all states, themes and languages: python -m tests.ui.support.gallery FOLDER."""

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.kernel.i18n import set_language
from tests.ui.support import shop_window as sample
from ui.shell.main_window import ISSUES, MainWindow
from ui.theme.apply import apply
from ui.widgets.ask import Question, QuestionDialog
from ui.widgets.toast import Toast

SIZES = ((1440, 900), (1366, 768))
SCENES = ("empty", "list", "offline", "issue", "prices")


def play(shown: MainWindow, scene: str) -> None:
    shown.set_issues(())
    if scene == "empty":
        shown.go("orders")
    elif scene == "list":
        shown.go("products")
        goods = shown.page_widget("products")
        if isinstance(goods, sample.GoodsWidget):
            goods.model.set_checked((1, 2, 4))
            goods.bulk.set_selection(
                sample.said("已选 3 件", "3 selected"), sample.said("改动先预览，可撤销", "Preview first")
            )
        shown.notify(Toast(sample.said("已同步 38 笔新订单，库存已更新", "38 new orders synced, stock updated")))
    elif scene == "offline":
        shown.go("products")
        shown.set_sync(sample.offline())
        QApplication.processEvents()
        shown.over.toggle_panel()
    else:
        shown.set_issues(sample.issues())
        shown.set_sync(replace(shown.badge.state(), issue_count=2))
        shown.go(ISSUES, "i1" if scene == "issue" else "i2")


def main(folder: Path) -> None:
    app = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for language in ("zh_CN", "en"):
            set_language(language)
            apply(app, theme)
            for width, height in SIZES:
                for scene in SCENES:
                    shown = sample.window()
                    shown.resize(width, height)
                    shown.show()
                    play(shown, scene)
                    for _ in range(4):
                        app.processEvents()
                    shown.grab().save(str(folder / f"{scene}-{theme}-{language}-{height}.png"))
                    shown.close()
                    shown.deleteLater()
        question = Question("下架 3 件商品？", "买家马上看不到它们，已付的订单照常。", "下架", "先不下架", True)
        dialog = QuestionDialog(question)
        dialog.show()
        dialog.grab().save(str(folder / f"ask-{theme}.png"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
