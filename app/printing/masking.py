"""Personal data as a waybill may show it (GB/T 41833: hide a sign of the name, six digits of the phone, unit and room).

Pure functions; nothing that they hide may reach paper, text layer, file name or log.
"""

import re
import string
import unicodedata
from functools import cached_property

HIDDEN = "***"
_DIGITS_HIDDEN = 6
_MOBILE_DIGITS = 11


class _Pattern:
    """An expression that is made when it is needed first: a list of orders masks names and phones, no address."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def made(self) -> re.Pattern[str]:
        return re.compile(self._text)


_ALNUM = "0-9A-Za-z"
_HAN_NUMBER = "零〇一二三四五六七八九十百两"
_BUILDING = _Pattern(
    rf"(?:[{_ALNUM}{_HAN_NUMBER}甲乙丙丁东西南北中主]+(?:[-#][{_ALNUM}]+)?[号#]?(?:楼栋|楼|栋|幢|座)"
    rf"|[{_ALNUM}]+#(?![{_ALNUM}]*(?:室|房)))(?:楼)?"
)
_FLOOR_OR_ROOM = _Pattern(
    rf"(?:[负地]?下?[{_ALNUM}{_HAN_NUMBER}甲乙丙丁东西南北中]+(?:[-#][{_ALNUM}{_HAN_NUMBER}]+)*)"
    r"(?:单元|号?室|号?房间|号房|房(?![县山村镇乡巷路街])|户(?![县])|层|楼(?!栋)|门(?:洞|栋)?(?=[0-9]))"
)
_LATIN_ROOM = _Pattern(r"(?i)\b(?:room|rm|unit|apt|apartment|flat|suite|floor)\b\.?")
# A number followed by one of these is a road, a gate, a village group: public, and the courier needs it.
_PUBLIC_AFTER = (
    r"(?:号(?!室|房)|弄|巷|胡同|路|街|大街|大道|道|国道|省道|县道|乡道|高速|公路|线|桥|村|组|排|队|社|屯|营|团|连|师|区|期|园|环|"
    r"公里|千米|米|里|厂|中|小|院|医院|栋|幢|座|楼|#)"
)
_NUMBER = _Pattern(
    rf"(?<![{_ALNUM}])(?<![{_ALNUM}]-)(?>[A-Za-z]{{0,2}}[0-9]+[A-Za-z]?(?:[-#/][{_ALNUM}]+)*)(?![{_ALNUM}])(?!{_PUBLIC_AFTER})"
)
_SPACE_INSIDE = _Pattern(rf"(?<![{_ALNUM}])\s+|\s+(?![{_ALNUM}])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣_", "-"))
_NARROW = str.maketrans({0xFEE0 + ord(sign): sign for sign in string.digits + string.ascii_letters + "#"})
_PHONE_IN_TEXT = _Pattern(r"(?<![0-9])\+?[0-9](?:[ \-.]?[0-9]){6,}(?![0-9])")
_ROOM_IN_TEXT = _Pattern(
    rf"[{_ALNUM}{_HAN_NUMBER}]+(?:-[{_ALNUM}]+)*\s*(?:单元(?:\s*[0-9]{{2,4}}(?![0-9])(?:号?室|号?房间?)?)?|号?室|号?房间|号?房(?![县山村镇乡]))"
    r"|[0-9]+(?:-[0-9]+)+"
)


def mask_name(name: str) -> str:
    """The first sign, then one or two stars; a name of one sign is hidden whole."""
    signs = [sign for sign in _plain(name) if unicodedata.category(sign)[0] not in "MC"]
    if not signs:
        return ""
    return "*" if len(signs) == 1 else signs[0] + "*" * min(len(signs) - 1, 2)


def mask_phone(phone: str) -> str:
    """A mobile shows its first digit and the last four, another number at most its last four; six are hidden."""
    if len(phone) == _MOBILE_DIGITS and phone[0] == "1" and phone.isascii() and phone.isdigit():  # nearly all of them
        return phone[0] + "*" * _DIGITS_HIDDEN + phone[-4:]
    main = re.split(r"[-—–;；/ ]*(?:转|分机|ext\.?|#|x|,|，)", _plain(phone), maxsplit=1)[0]
    main = re.sub(r"^(0\d{2,3}-\d{7,8})-\d+$", r"\1", main)
    digits = re.sub(r"\D", "", main)
    mobile = re.fullmatch(r"(?:0086|86)?(1\d{10})(\d{0,6})", digits)
    if mobile:
        number = mobile[1]
        return number[0] + "*" * _DIGITS_HIDDEN + number[-4:]
    shown = max(0, min(4, len(digits) - _DIGITS_HIDDEN))
    return "*" * (len(digits) - shown) + digits[len(digits) - shown :]


def mask_address(address: str, *names: str) -> str:
    """The address down to the building; unit, floor, room, what follows them and the given full names are hidden."""
    text = _SPACE_INSIDE.made.sub("", _without_names(_plain(address).translate(_DASHES), names))
    cut = len(text)
    building = _BUILDING.made.search(text)
    if building and not _is_floor(building[0]):
        cut = building.end()
    for secret in (_FLOOR_OR_ROOM, _LATIN_ROOM, _NUMBER):
        found = next((match for match in secret.made.finditer(text) if not _is_building(match, building)), None)
        if found and found.start() < cut:
            cut = found.start()
    return text if cut == len(text) else text[:cut].rstrip(",，、 -#(（*") + HIDDEN


def mask_remark(remark: str, *names: str) -> str:
    """What the buyer wrote to the shop, without phone numbers, rooms and the given full names."""
    text = _without_names(_plain(remark), names)
    text = _PHONE_IN_TEXT.made.sub(lambda match: mask_phone(match[0]), text)
    return _ROOM_IN_TEXT.made.sub(HIDDEN, text)


def _without_names(text: str, names: tuple[str, ...]) -> str:
    for name in sorted((_plain(name) for name in names), key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    return text


def _plain(text: str) -> str:
    """Composed signs and narrow digits and letters; the wide punctuation of Chinese text stays."""
    return unicodedata.normalize("NFC", text).translate(_NARROW).strip()


def _is_floor(token: str) -> bool:
    """「3楼」 is a storey, 「3号楼」 a building."""
    return re.fullmatch(rf"[{_ALNUM}{_HAN_NUMBER}]+楼", token) is not None


def _is_building(match: re.Match[str], building: re.Match[str] | None) -> bool:
    return building is not None and not _is_floor(building[0]) and match.start() < building.end()
