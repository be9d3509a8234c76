"""Pictures: checked by really decoding them, and made anew for buyers, so that nothing else in a file gets out.

What a desktop sends is kept as it came, under its content's name, for the other desktops. Buyers only ever see what was
drawn from its pixels: a JPEG of one of a few widths, without the place and the camera that a telephone writes into it.
"""

import hashlib
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel.files import replace_file

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MOST_PIXELS = 40_000_000
MOST_SIDE = 12_000
WIDTHS = (160, 375, 750, 1_500)
"""What buyers may ask for: a thumbnail, a card, a page, a page on a fine screen. A small picture is never enlarged."""
QUALITY = 82
SHOWN = "shown"
_HEX = frozenset("0123456789abcdef")


class NotAPicture(ValueError):
    """These bytes are no picture that a shop window should have to open."""


def is_name(sha256: str) -> bool:
    return len(sha256) == 64 and set(sha256) <= _HEX


def place(folder: Path, sha256: str) -> Path:
    """The picture's file; two signs of the name make a sub-folder, so that no folder grows too large."""
    return folder / sha256[:2] / sha256


def check(content: bytes, sha256: str) -> str:
    """The picture's media type; raises NotAPicture when the bytes are none or are not those that were named."""
    from PIL import Image, UnidentifiedImageError  # when the first picture comes: not every start sees one

    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotAPicture("the content has another name")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as picture:
                return _check_opened(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise NotAPicture(str(error)) from error


def _check_opened(picture: "Image.Image") -> str:
    """The header tells the size before anything is decoded; only then the pixels are made, to see that they are."""
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE or getattr(picture, "n_frames", 1) > 1:
        raise NotAPicture(f"{width} × {height} is too large")
    picture.load()
    return FORMATS[str(picture.format)]


def media_type(path: Path) -> str:
    """The type of a stored picture by its first bytes; it was checked when it came."""
    with path.open("rb") as file:
        start = file.read(12)
    if start.startswith(b"\xff\xd8"):
        return FORMATS["JPEG"]
    return FORMATS["PNG"] if start.startswith(b"\x89PNG") else FORMATS["WEBP"]


def shown(folder: Path, sha256: str, width: int) -> Path | None:
    """The JPEG of this width, made at its first use; None when there is no such picture or width."""
    if not is_name(sha256) or width not in WIDTHS:
        return None
    made = place(folder / SHOWN, sha256).with_name(f"{sha256}-{width}.jpg")
    if not made.exists():
        original = place(folder, sha256)
        if not original.is_file():
            return None
        replace_file(made, _drawn_anew(original, width))
    return made


def _drawn_anew(original: Path, width: int) -> bytes:
    """Turned as it was meant, on white where it can be seen through, and nothing but its pixels."""
    from PIL import Image, ImageOps

    with Image.open(original, formats=tuple(FORMATS)) as opened:
        opened.draft("RGB", (width * 2, width * 2))
        turned = ImageOps.exif_transpose(opened)
        if turned.width > width:
            turned = turned.resize((width, max(1, turned.height * width // turned.width)), Image.Resampling.LANCZOS)
        pixels = turned.convert("RGBA") if turned.mode in ("RGBA", "LA", "PA", "P") else turned.convert("RGB")
        if pixels.mode == "RGBA":
            ground = Image.new("RGBA", pixels.size, (255, 255, 255, 255))
            pixels = Image.alpha_composite(ground, pixels).convert("RGB")
        file = io.BytesIO()
        pixels.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def keep(folder: Path, sha256: str, content: bytes) -> None:
    """Store a picture under its content's name; raises NotAPicture. Storing it twice is no harm."""
    check(content, sha256)
    path = place(folder, sha256)
    if not path.exists():
        replace_file(path, content)
