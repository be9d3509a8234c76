"""Every text of the page has its Chinese, with the same places to fill."""

import ast
import gettext
import re
from pathlib import Path

from app.kernel import resources

PAGE = Path(__file__).parents[4] / "ui" / "pages" / "catalog"
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
    with (resources.ROOT / "i18n" / "zh_CN" / "products.mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    wanted = said()
    assert len(wanted) > 80
    assert sorted(text for text in wanted if catalogue.gettext(text) == text) == []
    for text in wanted:
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(catalogue.gettext(text))), text
