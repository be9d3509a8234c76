"""Colour tokens of both themes, looked up by name at the moment of painting.

Nothing may copy a value at import: the theme can change while the program runs.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from PySide6.QtGui import QColor

ThemeName: TypeAlias = Literal["light", "dark"]
Tone: TypeAlias = Literal["green", "amber", "red", "blue", "violet", "teal", "grey"]

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#F4F5F7",
        "surface": "#FFFFFF",
        "surface2": "#F7F8FA",
        "hover": "#F2F4F7",
        "side": "#FBFBFC",
        "border": "#E5E7EC",
        "border2": "#D5D9E0",
        "text": "#1A1D23",
        "text2": "#525866",
        "text3": "#697080",
        "accent": "#07A35A",
        "fill": "#07844A",
        "fill_hover": "#067A45",
        "fill_press": "#056A3B",
        "on_accent": "#FFFFFF",
        "accent_text": "#067A45",
        "accent_soft": "#E5F6EE",
        "accent_edge": "#B4E2CC",
        "selected": "#F2FAF6",
        "warn": "#A85A00",
        "warn_soft": "#FFF6E6",
        "warn_edge": "#F1D9A8",
        "danger": "#C62339",
        "danger_soft": "#FFEFF1",
        "danger_edge": "#F6C6CC",
        "info": "#1D55C4",
        "info_soft": "#EDF3FF",
        "info_edge": "#C4D6FA",
        "bar": "#1A1D23",
        "on_bar": "#FFFFFF",
        "on_bar2": "#B4BAC5",
        "bar_accent": "#4CD696",
        "shadow": "#24000000",
        "chip_green": "#DDF3E7",
        "chip_green_text": "#0B7344",
        "chip_amber": "#FFF4E0",
        "chip_amber_text": "#9A5B00",
        "chip_red": "#FFE8EA",
        "chip_red_text": "#BD1F37",
        "chip_blue": "#E6F0FF",
        "chip_blue_text": "#1D55C4",
        "chip_violet": "#EEE9FF",
        "chip_violet_text": "#5B3CC4",
        "chip_teal": "#DDF1F5",
        "chip_teal_text": "#0B6377",
        "chip_grey": "#EEF0F3",
        "chip_grey_text": "#525866",
    }
)

DARK: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#111316",
        "surface": "#1A1D21",
        "surface2": "#20242A",
        "hover": "#23272E",
        "side": "#15171B",
        "border": "#2B3038",
        "border2": "#3A404A",
        "text": "#ECEEF2",
        "text2": "#B4BAC5",
        "text3": "#959DAA",
        "accent": "#1FBF74",
        "fill": "#1FBF74",
        "fill_hover": "#35CB86",
        "fill_press": "#18A463",
        "on_accent": "#06140D",
        "accent_text": "#4CD696",
        "accent_soft": "#15322A",
        "accent_edge": "#22543F",
        "selected": "#17241F",
        "warn": "#F5B95A",
        "warn_soft": "#2B2213",
        "warn_edge": "#5A4420",
        "danger": "#FF8494",
        "danger_soft": "#331A20",
        "danger_edge": "#642E39",
        "info": "#86B2FF",
        "info_soft": "#172238",
        "info_edge": "#2B436F",
        "bar": "#2E343D",
        "on_bar": "#ECEEF2",
        "on_bar2": "#B4BAC5",
        "bar_accent": "#4CD696",
        "shadow": "#8C000000",
        "chip_green": "#143B2E",
        "chip_green_text": "#5FDDA4",
        "chip_amber": "#3A2A10",
        "chip_amber_text": "#F5B95A",
        "chip_red": "#421C25",
        "chip_red_text": "#FF8FA0",
        "chip_blue": "#16294A",
        "chip_blue_text": "#86B2FF",
        "chip_violet": "#2A2350",
        "chip_violet_text": "#B5A3FF",
        "chip_teal": "#11353D",
        "chip_teal_text": "#6FD3E6",
        "chip_grey": "#2A2F37",
        "chip_grey_text": "#B4BAC5",
    }
)

# Bands fill half a screen and carry white text in both themes.
BANDS: Mapping[str, str] = MappingProxyType(
    {"band_amber": "#B45309", "band_blue": "#1D4FB8", "band_red": "#B91C32", "on_band": "#FFFFFF"}
)

THEMES: Mapping[ThemeName, Mapping[str, str]] = MappingProxyType(
    {"light": MappingProxyType({**LIGHT, **BANDS}), "dark": MappingProxyType({**DARK, **BANDS})}
)

_PLAIN_GROUNDS = ("bg", "surface", "surface2", "side", "hover", "selected")
_TONES: tuple[Tone, ...] = ("green", "amber", "red", "blue", "violet", "teal", "grey")

# Every (text, ground) pair in use; each must reach 4.5 : 1 in both themes.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "text2", "text3") for ground in _PLAIN_GROUNDS),
    *((text, ground) for text in ("accent_text", "warn", "danger", "info") for ground in _PLAIN_GROUNDS),
    *((f"chip_{tone}_text", f"chip_{tone}") for tone in _TONES),
    *(("on_accent", ground) for ground in ("fill", "fill_hover", "fill_press")),
    *((text, f"{text}_soft") for text in ("warn", "danger", "info")),
    *((text, f"{kind}_soft") for text in ("text", "text2") for kind in ("accent", "warn", "danger", "info")),
    ("accent_text", "accent_soft"),
    ("on_bar", "bar"),
    ("on_bar2", "bar"),
    ("bar_accent", "bar"),
    *(("on_band", band) for band in ("band_amber", "band_blue", "band_red")),
)


class _Current:
    """The theme that is shown now: one program has one."""

    name: ThemeName = "light"


_current = _Current()


def use(name: ThemeName) -> None:
    """Make `name` the theme that the look-ups below answer for."""
    _current.name = name


def current() -> ThemeName:
    """The theme that is shown now."""
    return _current.name


def table() -> Mapping[str, str]:
    """All tokens of the current theme."""
    return THEMES[_current.name]


def value(token: str) -> str:
    """The current value of a token, as `#RRGGBB` or `#AARRGGBB`."""
    return THEMES[_current.name][token]


def color(token: str) -> QColor:
    """The current value of a token, to paint with."""
    return QColor(_color(value(token)))


@lru_cache(256)
def _color(said: str) -> QColor:
    return QColor(said)
