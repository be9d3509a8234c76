"""Every code of the shop can be said in both languages: refusals, what is wrong outside, and the words inside them."""

import ast
import importlib
import inspect
import pkgutil
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import app.domain
from app.desk import wording
from app.desk.words import WORDS
from app.domain import permission
from app.domain.areas import CODES
from app.domain.catalog import edits, handlers
from app.domain.outcome import RejectCode
from app.domain.settings import ShopSettings
from app.kernel import codec, i18n, resources

PERMISSIONS = list(permission.Permission)
FIELDS = sorted({*handlers._CATEGORY_FIELDS, *handlers._PRODUCT_FIELDS, *handlers._SKU_FIELDS, "list_fen"})
SETTINGS = [field.name for field in fields(ShopSettings)]
CJK = r"[\u4e00-\u9fff]"
ROOT = Path(inspect.getfile(app.domain)).parents[2]
CHINESE = resources.ROOT / "i18n" / "zh_CN"


def enums(*endings: str) -> list[tuple[str, str]]:
    """The words of the domain's enumerations whose names end so, with what each is the word of."""
    found = []
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        if module.name.endswith(".model"):
            for name, kind in vars(importlib.import_module(module.name)).items():
                if isinstance(kind, type) and issubclass(kind, StrEnum) and name.endswith(endings):
                    of = "reason" if name.endswith("Reason") else name.removesuffix("State").lower()
                    found += [(of, str(member)) for member in kind]
    return sorted(set(found))


STATES = enums("State", "MovementReason", "DeliveryKind", "Channel", "Tender", "ProductKind")


def calls(names: Iterable[str], *folders: str) -> Iterator[tuple[str, ast.Call, dict[str, str]]]:
    """Every call in the files that name one of these, with what is called and the texts that stand under a name."""
    for file in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if not any(name in source for name in names):
            continue
        nodes = list(ast.walk(ast.parse(source)))
        named = {
            target.id: node.value.value
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node, named


def texts(wanted: dict[str, int], *folders: str) -> list[str]:
    """The texts that are given to the wanted functions at their places."""
    found = set()
    for name, call, named in calls(wanted, *folders):
        place = wanted.get(name)
        if place is not None and place < len(call.args):
            match call.args[place]:
                case ast.Constant(value=str(text)):
                    found.add(text)
                case ast.Name(id=variable) if variable in named:
                    found.add(named[variable])
    return sorted(found)


EVENTS = texts({"OrderEvent": 3, "_event": 0}, "app/domain")
INCIDENTS = texts({"Incident": 1, "_odd": 0}, "app/domain", "services/authority")
WHYS = texts({"Malformed": 1, "_exact": 1}, "app/kernel", "app/domain")
TROUBLES = [
    text
    for text in texts({"KnownError": 1, "ProblemCode": 2}, "app", "services")
    if re.search("[a-z]", re.sub(r"\{.*?\}", "", text))
]


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    """All catalogues together, as a reader meets them."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in CHINESE.glob("*.po"):
        with file.open("rb") as stream:
            for entry in read_po(stream, abort_invalid=True):
                if entry.id and entry.string:
                    found[str(entry.id)].add(str(entry.string))
    return found


@pytest.fixture(params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = i18n.language()
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language(before)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_everything_that_should_be_said_was_found() -> None:
    assert {"placed", "paid", "shipped"} <= set(EVENTS)
    assert {"stock.short", "payment.wrong_amount", "command.parked", "shop.restored"} <= set(INCIDENTS)
    assert {"is missing", "is no id", "must be true or false"} <= set(WHYS)
    assert len(TROUBLES) > 30
    assert {("order", "shipped"), ("product", "on_sale"), ("reason", "damaged"), ("payment", "open")} <= set(STATES)


@pytest.mark.parametrize("template", sorted({*(code.template for code in CODES), *TROUBLES, *WHYS}))
def test_template_has_one_translation_with_the_same_places(template: str, said: dict[str, set[str]]) -> None:
    assert len(said.get(template, set())) == 1, f"{template!r} has {len(said.get(template, ()))} translations"
    (chinese,) = said[template]
    assert re.search(CJK, chinese) or not re.search("[a-z]", re.sub(r"\{.*?\}", "", template))
    assert places(chinese) == places(template)


def test_a_code_is_declared_once() -> None:
    declared: dict[str, set[str]] = defaultdict(set)
    for code in CODES:
        declared[code.code].add(code.template)
    assert {code: all_of for code, all_of in declared.items() if len(all_of) > 1} == {}
    assert len(declared) == len(CODES)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
@pytest.mark.usefixtures("language")
def test_refusal_is_a_sentence_without_a_place_left_open(code: RejectCode) -> None:
    params = {name: (1234 if name.endswith(("_fen", "_qty")) else "7") for name in places(code.template)}
    text = wording.sentence(code.code, params)
    assert not re.search(r"[{}]", text)
    assert text.endswith((".", "。"))


def assert_is_said(language: str, code: str, of: str = "") -> None:
    text = wording.word(code, of)
    assert text != code or (language == "en" and re.fullmatch("[a-z]+", code)), f"{of} {code} is shown raw"
    assert not re.search(r"[._]", text)
    if language == "zh_CN":
        assert re.search(CJK, text), f"{of} {code} has no Chinese"


@pytest.mark.parametrize("code", [*PERMISSIONS, *permission.Role, *FIELDS, *SETTINGS, *INCIDENTS])
def test_code_is_said_in_words(code: str, language: str) -> None:
    assert_is_said(language, str(code))


@pytest.mark.parametrize(("of", "code"), [*STATES, *(("event", kind) for kind in EVENTS)])
def test_state_reason_and_event_is_said_in_words(of: str, code: str, language: str) -> None:
    assert_is_said(language, code, of)


def test_every_english_word_has_its_chinese(said: dict[str, set[str]]) -> None:
    assert sorted(code for code in WORDS if code not in said) == []


@pytest.mark.parametrize("template", [wording.UNKNOWN, wording.CHANGED, "This person", "(empty)"])
def test_the_wording_s_own_texts_have_chinese(template: str, said: dict[str, set[str]]) -> None:
    assert len(said[template]) == 1


def test_the_chinese_speaks_as_people_do() -> None:
    with (CHINESE / "domain.po").open("rb") as stream:
        chinese = [str(entry.string) for entry in read_po(stream) if entry.id]
    assert [text for text in chinese if re.search("失败|错误码|异常|系统", text)] == []
    assert [text for text in chinese if re.search(rf"{CJK}[,;:!?.()]|[,;:!?]{CJK}|！", text)] == []


SENTENCES = (
    (
        "order.not_shippable",
        {"state": "shipped", "order_id": "o-1"},
        "This order cannot be shipped: it is shipped.",
        "这一单不能发货：它现在是「已发货」。",
    ),
    (
        "order.not_shippable",
        {"state": "partly_shipped"},
        "This order cannot be shipped: it is partly shipped.",
        "这一单不能发货：它现在是「部分发货」。",
    ),
    (
        "not_allowed",
        {"actor": "0199-77", "permission": "stock.adjust"},
        "This person may not do this (adjust stock).",
        "这个人没有「调整库存」的权限。",
    ),
    (
        "catalog.conflict",
        {"field": "state", "seen": "draft", "current": "on_sale", "wanted": "off_sale"},
        "The state was changed to on sale meanwhile; you had a draft and wanted off sale.",
        "状态刚被改成了 在售；你看到的是 草稿，想改成 已下架。",
    ),
    (
        "catalog.conflict",
        {"field": "list_fen", "seen": 6800, "current": 7200, "wanted": 6500},
        "The price was changed to ¥72.00 meanwhile; you had ¥68.00 and wanted ¥65.00.",
        "售价刚被改成了 ¥72.00；你看到的是 ¥68.00，想改成 ¥65.00。",
    ),
    (
        "catalog.conflict",
        {"field": "category_id", "seen": "c-1", "current": "c-2", "wanted": "c-3"},
        "The category was changed by somebody else meanwhile; look at it again.",
        "分类刚被别人改了，再看一下。",
    ),
    (
        "catalog.conflict",
        {"field": "description", "seen": "", "current": "长" * 61, "wanted": "x"},
        "The description was changed by somebody else meanwhile; look at it again.",
        "描述刚被别人改了，再看一下。",
    ),
    (
        "catalog.conflict",
        {"field": "subtitle", "seen": None, "current": "新到", "wanted": "x"},
        "The subtitle was changed to 新到 meanwhile; you had (empty) and wanted x.",
        "副标题刚被改成了 新到；你看到的是 （空），想改成 x。",
    ),
    ("malformed", {"where": "title", "why": "is missing"}, "The title is missing.", "标题没有填。"),
    ("malformed", {"where": "", "why": "must be text"}, "The value must be text.", "这个值要填文字。"),
    (
        "shop.setting_unfit",
        {"key": "time_zone"},
        "The setting time zone cannot have this value.",
        "设置项「时区」不能用这个值。",
    ),
    ("staff.not_a_staff_role", {"role": "buyer"}, "Buyer is not a role of staff.", "「买家」不是员工的角色。"),
    (
        "order.not_shippable",
        {"state": "frozen"},
        "This order cannot be shipped: it is frozen.",
        "这一单不能发货：它现在是「frozen」。",
    ),
)


@pytest.mark.parametrize(("code", "params", "english", "chinese"), SENTENCES)
def test_no_raw_word_stands_in_a_sentence(
    code: str, params: dict[str, object], english: str, chinese: str, language: str
) -> None:
    assert wording.sentence(code, params) == (english if language == "en" else chinese)


@pytest.mark.usefixtures("language")
def test_conflict_over_a_time_is_told_by_the_clock_on_the_wall() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    params = {"field": "sale_from_at", "seen": "soon", "current": codec.time_text(at), "wanted": None}
    text = wording.sentence(edits.CONFLICT.code, params)
    assert at.astimezone().strftime("%Y-%m-%d %H:%M") in text
    assert "soon" in text


@pytest.mark.usefixtures("language")
def test_one_code_means_what_it_is_the_word_of() -> None:
    assert len({wording.word("paid", of) for of in ("order", "payment", "event")}) == 3
    assert wording.word("received", "event") != wording.word("received", "reason")
