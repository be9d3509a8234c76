"""Texts in the reader's language: English in the code, Chinese from the catalogues in ``resources/i18n``."""

import marshal
import os
import struct
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, cast

from app.kernel import resources
from app.kernel.kept import OfStart, beside

LANGUAGES = ("zh_CN", "en")
_chosen = ["zh_CN"]
_MAGIC = b"\xde\x12\x04\x95"


_kept: Final = OfStart(beside(__file__, ".texts"))


@cache
def _catalogue(language: str) -> dict[bytes, bytes]:
    """All areas' texts of a language, the first area's where two have one; English needs none."""
    folder = resources.ROOT / "i18n" / language
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as found:
        files = [(file.name, file.stat()) for file in found if file.name.endswith(".mo")]
    files.sort(reverse=True)
    key = (language, *((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))
    kept = _kept.get(key)
    if kept is not None:
        return cast("dict[bytes, bytes]", marshal.loads(kept))
    whole: dict[bytes, bytes] = {}
    for name, _stat in files:
        whole |= _texts((folder / name).read_bytes())
    _kept.put(key, marshal.dumps(whole))
    return whole


def _texts(compiled: bytes) -> dict[bytes, bytes]:
    """A catalogue as ``msgfmt`` and Babel write it. Nothing is decoded: a window says a tenth of what is in it."""
    if compiled[:4] not in (_MAGIC, _MAGIC[::-1]):
        raise ValueError("this is no catalogue of texts")
    order = "<" if compiled[:4] == _MAGIC else ">"
    count, keys_at, texts_at = struct.unpack_from(f"{order}3I", compiled, 8)
    keys = struct.unpack_from(f"{order}{2 * count}I", compiled, keys_at)
    texts = struct.unpack_from(f"{order}{2 * count}I", compiled, texts_at)
    places = zip(keys[1::2], keys[::2], texts[1::2], texts[::2], strict=True)
    return {compiled[key : key + length]: compiled[text : text + size] for key, length, text, size in places}


@lru_cache(8_192)
def _said(template: str, language: str) -> str:
    """Lists say the same words in every row."""
    found = _catalogue(language).get(template.encode())
    return template if found is None else found.decode()


def set_language(language: str) -> None:
    """Choose the language of this process; raises ValueError for one we do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is none of {LANGUAGES}")
    _chosen[0] = language


def language() -> str:
    return _chosen[0]


def tr(message: str, **params: Any) -> str:
    """The text in the chosen language, its named places filled."""
    return render(message, params, _chosen[0])


def render(template: str, params: Mapping[str, Any], language: str) -> str:
    """The text of a code's English template in ``language``: screens, paper and problem documents alike use it."""
    text = _said(template, language) if template else template
    return text.format_map(params) if params else text
