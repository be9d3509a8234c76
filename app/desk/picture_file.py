"""Pictures as files: made fit to be sent when somebody chooses one, and small for lists."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel.errors import KnownError
from app.kernel.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image, ImageOps = later("PIL.Image"), later("PIL.ImageOps")

FORMATS = ("JPEG", "PNG", "WEBP")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MOST_BYTES = 40_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 200
MOST_SIDE = 2_000
QUALITY = 88


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready to be sent, named by its content: turned upright, no larger than needed, without its history."""

    sha256: str
    mime: str
    width: int
    height: int
    content: bytes


def prepare(path: Path) -> Prepared:
    """Read a chosen file; raises KnownError with a sentence for what cannot be used."""
    name = {"name": path.name}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise KnownError("picture.too_large", "{name} is larger than 40 MB.", name)
        content = path.read_bytes()
    except OSError as error:
        raise KnownError("picture.unreadable", "{name} cannot be read.", name) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                return _prepared(opened, name)
    except _broken() as error:
        raise KnownError(
            "picture.not_one", "{name} is not a JPEG, PNG or WebP picture that can be used.", name
        ) from error


def _prepared(opened: "Image.Image", name: dict[str, str]) -> Prepared:
    if opened.width * opened.height > MOST_PIXELS:
        raise KnownError("picture.too_many_pixels", "{name} has more than 40 million pixels.", name)
    if min(opened.size) < LEAST_SIDE:
        raise KnownError("picture.too_small", "{name} is too small: each side needs at least 200 pixels.", name)
    picture = _on_white(ImageOps.exif_transpose(opened))
    picture.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    content = _jpeg(picture, QUALITY)
    return Prepared(hashlib.sha256(content).hexdigest(), "image/jpeg", picture.width, picture.height, content)


def thumbnail(content: bytes, side: int) -> bytes:
    """A square out of the middle, ``side`` pixels wide, as JPEG; raises ValueError for what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            opened.draft("RGB", (side * 2, side * 2))
            picture = ImageOps.fit(_on_white(ImageOps.exif_transpose(opened)), (side, side), Image.Resampling.LANCZOS)
    except _broken() as error:
        raise ValueError("no picture") from error
    return _jpeg(picture, 90)


def _on_white(picture: "Image.Image") -> "Image.Image":
    """Where a picture can be seen through, buyers see white."""
    if picture.mode not in ("RGBA", "LA", "PA", "P"):
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, clear).convert("RGB")


def _jpeg(picture: "Image.Image", quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _broken() -> tuple[type[BaseException], ...]:
    """How a file shows that it is no picture."""
    from PIL import UnidentifiedImageError

    return (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning)
