"""Every refusal of the shop's rules can be said in Chinese, and so can the words that stand inside it."""

import string
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from app.desk import wording
from app.domain.areas import CODES
from app.domain.catalog import edits, handlers
from app.domain.catalog.model import ProductState
from app.domain.outcome import RejectCode, Rejected
from app.domain.permission import Permission
from app.kernel import i18n, resources

FIELDS = sorted({*handlers._CATEGORY_FIELDS, *handlers._PRODUCT_FIELDS, *handlers._SKU_FIELDS, "list_fen"})


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    """All catalogues together, as a reader meets them."""
    found: dict[str, str] = {}
    for file in (resources.ROOT / "i18n" / "zh_CN").glob("*.po"):
        with file.open("rb") as stream:
            found |= {str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id}
    return found


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = i18n.language()
    i18n.set_language("zh_CN")
    yield
    i18n.set_language(before)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_refusal_has_its_chinese_with_the_same_places(code: RejectCode, chinese: dict[str, str]) -> None:
    assert chinese.get(code.template), f"no Chinese for {code.code}"
    assert places(chinese[code.template]) == places(code.template)


@pytest.mark.parametrize("word", [*FIELDS, *map(str, ProductState), *map(str, Permission)])
def test_word_inside_a_refusal_has_its_chinese(word: str, chinese: dict[str, str]) -> None:
    assert chinese.get(word)


def test_refusal_names_the_field_as_people_do() -> None:
    params = {"field": "shelf", "current": "B-02-2", "seen": "B-02-1", "wanted": "B-02-3", "ref_id": "s"}
    said = wording.refusal(Rejected(edits.CONFLICT, params))
    assert said == "货架刚被改成了 B-02-2；你看到的是 B-02-1，想改成 B-02-3。"


def test_code_of_a_newer_service_is_named_as_it_is() -> None:
    assert wording.sentence("stock.frozen", {"until": "never"}) == "这一步没有被接受（stock.frozen）。"
