"""A document as text, for a queue that outlives the program: what is printed later is what was laid out."""

from collections.abc import Mapping
from typing import Any

from app.kernel import codec, typed
from app.printing.document import Block, Code128, Line, Page, PrintDocument, Qr, Rect, Text

_KINDS: Mapping[str, type[Block]] = {"text": Text, "code128": Code128, "qr": Qr, "line": Line, "rect": Rect}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def document_text(document: PrintDocument) -> str:
    """JSON, every block under the name of its kind; warnings are for whoever lays out and are left."""
    pages = [
        (page.width_mm10, page.height_mm10, [(_NAMES[type(block)], block) for block in page.blocks])
        for page in document.pages
    ]
    return codec.canonical((document.title, pages))


def document_of(text: str) -> PrintDocument:
    """Raises ValueError for a text that is none of these."""
    title, pages = codec.parse(text)
    return PrintDocument(
        title, tuple(Page(width, height, tuple(map(_block, blocks))) for width, height, blocks in pages)
    )


def _block(stored: Any) -> Block:
    name, value = stored
    return typed.build(_KINDS[name], value)
