"""Texts in the reader's language: English in the code, Chinese from the catalogues in ``resources/i18n``."""

import gettext
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from app.kernel import resources

LANGUAGES = ("zh_CN", "en")
_chosen = ["zh_CN"]


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """All areas' catalogues of a language, one behind the other; English needs none."""
    whole = gettext.NullTranslations()
    folder = resources.ROOT / "i18n" / language
    for file in sorted(folder.glob("*.mo")):
        with file.open("rb") as stream:
            whole.add_fallback(gettext.GNUTranslations(stream))
    return whole


@lru_cache(8_192)
def _said(template: str, language: str) -> str:
    """Lists say the same words in every row, and a text is looked for in one catalogue after the other."""
    return _catalogue(language).gettext(template)


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
