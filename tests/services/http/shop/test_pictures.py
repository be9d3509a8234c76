"""What buyers see of a picture: its pixels, small, turned as they were meant, and nothing else of its file."""

import hashlib
import io

import pytest
from PIL import Image

from app.domain.catalog.commands import AddPicture
from app.domain.catalog.model import MediaRole
from tests.support.service import Desktop, Server

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def photograph() -> bytes:
    """1000 × 500 as the sensor sees it, to be turned upright, with the camera and the place written into it."""
    image = Image.new("RGB", (1_000, 500), (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, 500, 500))
    exif = image.getexif()
    exif[ORIENTATION], exif[MAKER] = 6, "SECRET-CAMERA"
    exif.get_ifd(GPS)[1] = "N"
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def hung(server: Server, desktop: Desktop, content: bytes) -> str:
    """The address at which the storefront shows the picture of its one product."""
    name = hashlib.sha256(content).hexdigest()
    assert desktop.ask("PUT", f"/media/{name}", content=content).status_code == 204
    server.shop.product("p1")
    server.shop.must(AddPicture("p1", "picture", MediaRole.MAIN, name, "image/jpeg", 500, 1_000, len(content)))
    card = server.ask("GET", "/shop/v1/products").json()["items"][0]
    return str(card["picture"]["url"])


def shown(server: Server, url: str) -> Image.Image:
    answer = server.ask("GET", url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    return Image.open(io.BytesIO(answer.content))


def test_buyers_see_a_photograph_upright_and_small_and_not_where_it_was_taken(server: Server, desktop: Desktop) -> None:
    url = hung(server, desktop, photograph())
    assert url.endswith("-375.jpg")
    picture = shown(server, url)
    assert picture.size == (375, 750)
    assert picture.getpixel((187, 100))[2] > 150 and picture.getpixel((187, 650))[0] > 150
    assert not dict(picture.getexif())
    assert b"SECRET-CAMERA" not in server.ask("GET", url).content
    assert shown(server, url.replace("-375", "-1500")).size == (500, 1_000)


def test_what_can_be_seen_through_stands_on_white(server: Server, desktop: Desktop) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(file, "PNG")
    assert shown(server, hung(server, desktop, file.getvalue())).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("name", ["{other}-375.jpg", "{this}-376.jpg", "{this}-0375.jpg"])
def test_there_are_no_other_pictures_and_widths(server: Server, desktop: Desktop, name: str) -> None:
    this = hung(server, desktop, photograph()).removeprefix("/media/").removesuffix("-375.jpg")
    answer = server.ask("GET", "/media/" + name.format(this=this, other="0" * 64))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert server.ask("GET", "/media/../shop.db").status_code == 404
