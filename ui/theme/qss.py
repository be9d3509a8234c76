"""The style sheet: one text for both themes, filled with tokens.

Widgets say what they are through dynamic properties (`kind`, `role`, `card`), never through colours of their own.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.kernel import resources
from ui.theme import tokens

_BASE: Final = """
QWidget { color: @text; }
QMainWindow, QWidget[ground="page"] { background: @bg; }
QDialog, QWidget[ground="surface"] { background: @surface; }
QFrame[rule="across"] { background: @border; border: none; min-height: 1px; max-height: 1px; }
QFrame[rule="down"] { background: @border; border: none; min-width: 1px; max-width: 1px; }
QToolTip { background: @bar; color: @on_bar; border: none; padding: 5px 8px; }
QAbstractScrollArea { border: none; background: transparent; }
QScrollArea[cut="true"] { border: none; border-bottom: 1px solid @border; }
QScrollArea > QWidget > QWidget[ground="clear"] { background: transparent; }
QMenu { background: @surface; border: 1px solid @border2; border-radius: 8px; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 12px; border-radius: 6px; }
QMenu::item:selected { background: @accent_soft; color: @accent_text; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @border; margin: 6px 4px; }
"""

_TEXT: Final = """
QLabel { background: transparent; }
QLabel[role="note"] { font-size: 12px; color: @text2; }
QLabel[role="note_strong"] { font-size: 12px; font-weight: 600; }
QLabel[role="faint"] { font-size: 12px; color: @text3; }
QLabel[role="muted"] { color: @text2; }
QLabel[role="row"] { font-size: 14px; }
QLabel[role="row_strong"] { font-size: 14px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="label"] { font-weight: 600; color: @text2; }
QLabel[role="card_title"] { font-size: 14px; font-weight: 600; }
QLabel[role="lead"] { font-size: 15px; }
QLabel[role="emphasis"] { font-size: 16px; font-weight: 600; }
QLabel[role="page_title"] { font-size: 18px; font-weight: 600; }
QLabel[role="headline"] { font-size: 24px; font-weight: 600; }
QLabel[role="figure"] { font-size: 24px; font-weight: 600; }
QLabel[role="till"] { font-size: 44px; font-weight: 600; }
QLabel[tone="accent"] { color: @accent_text; }
QLabel[tone="warn"] { color: @warn; }
QLabel[tone="danger"] { color: @danger; }
QLabel[tone="info"] { color: @info; }
QLabel[tone="muted"] { color: @text2; }
"""

_CARDS: Final = """
QFrame[card="plain"] { background: @surface; border: 1px solid @border; border-radius: 12px; }
QFrame[card="strong"] { background: @surface; border: 1px solid @border2; border-radius: 12px; }
QFrame[card="inset"] { background: @surface2; border: 1px solid @border; border-radius: 10px; }
QFrame[card="accent"] { background: @accent_soft; border: 1px solid @accent_edge; border-radius: 10px; }
QFrame[card="warn"] { background: @warn_soft; border: 1px solid @warn_edge; border-radius: 10px; }
QFrame[card="danger"] { background: @danger_soft; border: 1px solid @danger_edge; border-radius: 10px; }
QFrame[card="info"] { background: @info_soft; border: 1px solid @info_edge; border-radius: 10px; }
QFrame[card="bar"] { background: @bar; border: none; border-radius: 10px; }
QFrame[card="bar"] QLabel { color: @on_bar; }
QFrame[card="bar"] QLabel[role="note"] { color: @on_bar2; }
QFrame[card="popup"] { background: @surface; border: 1px solid @border2; border-radius: 12px; }
"""

_FIELDS: Final = """
QLineEdit, QPlainTextEdit, QComboBox {
  background: @surface2; border: 1px solid @border2; border-radius: 8px; padding: 0 10px;
  selection-background-color: @fill; selection-color: @on_accent; placeholder-text-color: @text3; }
QLineEdit, QComboBox { min-height: 34px; }
QComboBox { padding: 0 12px; }
QPlainTextEdit { padding: 6px 8px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: @text3; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid @accent; padding: 0 9px;
  background: @surface; }
QPlainTextEdit:focus { padding: 5px 7px; }
QComboBox:focus { padding: 0 11px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: @text3; border-color: @border; }
QLineEdit[changed="true"], QPlainTextEdit[changed="true"], QComboBox[changed="true"] {
  background: @accent_soft; border-color: @accent; placeholder-text-color: @text2; }
QLineEdit[invalid="true"] { border: 2px solid @danger; padding: 0 9px; }
QLineEdit[figures="true"] { font-weight: 600; }
QLineEdit[part="palette"] { background: transparent; border: none; padding: 0; min-height: 28px; font-size: 16px; }
QLineEdit[part="scan"] { background: @surface; border: 2px solid @accent; border-radius: 10px; font-size: 20px;
  min-height: 60px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border2;
  selection-background-color: @accent_soft;
  selection-color: @accent_text; outline: 0; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px;
  border: 1px solid @text3; background: @surface; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid @accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked { background: @fill; border-color: @fill; }
QRadioButton::indicator:checked { width: 14px; height: 14px; border: 2px solid @fill; background: qradialgradient(
  cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
  stop: 0 @fill, stop: 0.5 @fill, stop: 0.62 @surface, stop: 1 @surface); }
QCheckBox::indicator:checked { image: url("@tick"); }
QCheckBox::indicator:checked:disabled { background: @text3; border-color: @text3; }
QProgressBar { background: @border; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: @accent; border-radius: 4px; }
"""

_BUTTONS: Final = """
QPushButton { background: @surface; border: 1px solid @border2; border-radius: 8px; padding: 0 14px; color: @text; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @surface2; }
QPushButton:checked { background: @accent_soft; border-color: @accent_edge; color: @accent_text; font-weight: 600; }
QPushButton:focus { border: 2px solid @accent; padding: 0 13px; }
QPushButton:disabled { color: @text3; background: @surface2; border-color: @border; }
QPushButton[kind="primary"] { background: @fill; border-color: @fill; color: @on_accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @fill_hover; border-color: @fill_hover; }
QPushButton[kind="primary"]:pressed { background: @fill_press; border-color: @fill_press; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @surface2; border-color: @border; color: @text3; }
QPushButton[kind="danger"] { color: @danger; border-color: @danger_edge; font-weight: 600; }
QPushButton[kind="danger"]:hover { background: @danger_soft; }
QPushButton[kind="danger"]:focus { border: 2px solid @danger; }
QPushButton[kind="danger"]:disabled { color: @text3; background: @surface2; border-color: @border; }
QPushButton[kind="link"] { border: 1px solid transparent; background: transparent; color: @accent_text;
  padding: 0 3px; font-weight: 600; }
QPushButton[kind="link"]:hover { background: @hover; }
QPushButton[kind="link"]:disabled { color: @text3; background: transparent; }
QPushButton[kind="link"]:focus { border: 2px solid @accent; padding: 0 2px; }
QPushButton[kind="bar"] { border: 1px solid transparent; background: transparent; color: @on_bar;
  padding: 0 10px; font-weight: 600; }
QPushButton[kind="bar"]:hover { border-color: @on_bar2; background: transparent; }
QPushButton[kind="bar"]:focus { border: 2px solid @bar_accent; padding: 0 9px; }
QPushButton[kind="tab"] { border: 1px solid transparent; background: transparent; border-radius: 8px;
  padding: 0 10px; color: @text; }
QPushButton[kind="tab"]:hover { background: @hover; }
QPushButton[kind="tab"]:checked { background: @accent_soft; color: @accent_text; font-weight: 600; }
QPushButton[kind="tab"]:focus { border: 2px solid @accent; padding: 0 9px; }
QPushButton[kind="filter"] { background: @surface2; border: 1px solid @border; border-radius: 15px; padding: 0 12px; }
QPushButton[kind="filter"]:hover { border-color: @text3; }
QPushButton[kind="filter"]:focus { border: 2px solid @accent; padding: 0 11px; }
QPushButton[scale="huge"] { font-size: 16px; padding: 0 16px; }
QPushButton[scale="huge"]:focus { padding: 0 15px; }
QToolButton { border: 1px solid transparent; border-radius: 8px; background: transparent; padding: 0; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @border; }
QToolButton:focus { border: 2px solid @accent; }
"""

_LISTS: Final = """
QTableView, QListView, QTreeView { background: @surface; border: none; outline: 0; gridline-color: transparent;
  selection-background-color: @selected; selection-color: @text; alternate-background-color: @surface; }
QTableView[corners="card"] { border-bottom-left-radius: 11px; border-bottom-right-radius: 11px; }
QHeaderView { background: @surface2; border: none; }
QHeaderView::section { background: @surface2; color: @text2; border: none; border-bottom: 1px solid @border;
  padding: 0 12px; font-size: 12px; }
QDialog QTableView { border: 1px solid @border; }
QTableCornerButton::section { background: @surface2; border: none; }
QTreeView::item { min-height: 34px; border-radius: 8px; padding: 0 6px; }
QTreeView::item:hover { background: @hover; }
QTreeView::item:selected { background: @accent_soft; color: @accent_text; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 2px; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 2px; }
QScrollBar::handle { background: @border2; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_SHELL: Final = """
QFrame[part="side"] { background: @side; border: none; border-right: 1px solid @border; }
QFrame[part="top"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QLabel[part="group"] { color: @text2; font-size: 12px; padding-left: 12px; }
QLabel[part="brand"] { font-size: 15px; font-weight: 600; }
"""

_TEMPLATE: Final = "".join((_BASE, _TEXT, _CARDS, _FIELDS, _BUTTONS, _LISTS, _SHELL))
_TICKS: Final = {tokens.LIGHT["on_accent"]: "tick-light", tokens.DARK["on_accent"]: "tick-dark"}
_TOKEN: Final = re.compile(r"@([a-z_0-9]+)")


def sheet(table: Mapping[str, str]) -> str:
    """The style sheet of one theme; an unknown token is a KeyError, not a silent black.

    A checked box has its tick from a file in the colour that fits its ground: a style sheet cannot paint one.
    """
    tick = resources.path(f"icons/{_TICKS[table['on_accent']]}.svg")
    values = {**table, "tick": tick.as_posix()}
    return _TOKEN.sub(lambda match: values[match.group(1)], _TEMPLATE)
