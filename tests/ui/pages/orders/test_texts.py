"""Every text of the page has its Chinese, with the same places to fill."""

import ast
import gettext
import re
from pathlib import Path

from app.domain.orders import handlers
from app.domain.orders.model import OrderState
from app.kernel import resources

PAGE = Path(__file__).parents[4] / "ui" / "pages" / "orders"
PLACES = re.compile(r"\{(\w+)")


def said() -> set[str]:
    """All texts that the page hands to the translation."""
    found: set[str] = set()
    for file in PAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{file.name}:{node.lineno} translates a variable"
                found.add(str(node.args[0].value))
    return found


def test_every_text_has_its_chinese() -> None:
    catalogue = gettext.NullTranslations()
    for area in ("orders", "paper", "printing", "waybills"):
        with (resources.ROOT / "i18n" / "zh_CN" / f"{area}.mo").open("rb") as stream:
            catalogue.add_fallback(gettext.GNUTranslations(stream))
    refusals = (handlers.NOT_SHIPPABLE, handlers.LINES_UNFIT, handlers.CARRIER_UNKNOWN, handlers.WAYBILL_UNFIT)
    others = (handlers.WAYBILL_TAKEN, handlers.PARCEL_EXISTS, handlers.REMARK_TOO_LONG, handlers.NOT_FOUND)
    wanted = said() | {code.template for code in (*refusals, *others)} | {str(state) for state in OrderState}
    silent = sorted(text for text in wanted if catalogue.gettext(text) == text and text != "{size} mm")
    assert silent == []
    for text in wanted:
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(catalogue.gettext(text))), text
