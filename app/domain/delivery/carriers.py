"""The express carriers a clerk can ship with, and what their waybill numbers look like."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """``code`` is stored, ``name`` is the carrier's own name, ``shape`` what all of its waybill numbers match.

    ``has_sorting_codes``: its depots sort by a code that stands on the label.
    """

    code: str
    name: str
    shape: str
    has_sorting_codes: bool = True


CARRIERS = (
    Carrier("sf", "顺丰速运", r"SF\d{13}|SF\d{12}|\d{12}"),
    Carrier("zto", "中通快递", r"7[3-9]\d{12}|\d{12}|\d{13}"),
    Carrier("yto", "圆通速递", r"YT\d{13}|\d{12,18}"),
    Carrier("sto", "申通快递", r"77\d{13}|\d{12,15}"),
    Carrier("yunda", "韵达快递", r"\d{13}|\d{15}"),
    Carrier("jd", "京东物流", r"JD[A-Z]{0,2}\d{11,15}"),
    Carrier("ems", "中国邮政 EMS", r"[A-Z]{2}\d{9}[A-Z]{2}|\d{13}", has_sorting_codes=False),
    Carrier("jt", "极兔速递", r"JT\d{13}"),
    Carrier("other", "其他快递", r"[A-Z0-9\-]{6,32}", has_sorting_codes=False),
)
_BY_CODE = {carrier.code: carrier for carrier in CARRIERS}


def carrier(code: str) -> Carrier | None:
    return _BY_CODE.get(code)


def normal_waybill(text: str) -> str:
    """A number as carriers print it: narrow capitals, without the blanks that people and scanners add."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def looks_like(code: str, waybill_no: str) -> bool:
    """Whether the number may be one of this carrier's."""
    known = carrier(code)
    return known is not None and re.fullmatch(known.shape, waybill_no, re.ASCII) is not None
