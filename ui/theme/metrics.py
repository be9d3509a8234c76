"""Sizes of the interface in device-independent pixels."""

from typing import Final

# Type
NOTE: Final = 12
BODY: Final = 13
ROW: Final = 14
STRONG: Final = 16

# Space
SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
SPACE_XXL: Final = 32

# Corners
RADIUS_CONTROL: Final = 8
RADIUS_CARD: Final = 12

# Heights
BUTTON_SMALL: Final = 32
BUTTON: Final = 36
BUTTON_LARGE: Final = 44
BUTTON_HUGE: Final = 48
ROW_TWO_LINES: Final = 56

# Shell
SIDE_WIDTH: Final = 208
TOP_HEIGHT: Final = 64
LOW_SCREEN: Final = 800


def page_margins(window_height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a page; low screens give up some of the height."""
    vertical = SPACE_L if window_height < LOW_SCREEN else SPACE_XL
    return (SPACE_XL, vertical, SPACE_XL, vertical)


def card_gap(window_height: int) -> int:
    """The gap between cards on a screen of this height."""
    return SPACE_M if window_height < LOW_SCREEN else SPACE_L
