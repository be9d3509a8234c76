"""Pictures are kept by their content, and nothing else is kept as one."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from tests.support.service import Desktop, Server


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (120, 80, 40)).save(file, kind)
    return file.getvalue()


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(desktop: Desktop, content: bytes, name: str = "") -> int:
    return desktop.ask("PUT", f"/media/{name or name_of(content)}", content=content).status_code


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that claims so many pixels a side."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def gif() -> bytes:
    file = io.BytesIO()
    Image.new("P", (8, 8)).save(file, "GIF")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_back_as_it_was(server: Server, desktop: Desktop, kind: str) -> None:
    content = picture(kind)
    assert put(desktop, content) == 204
    assert put(desktop, content) == 204
    got = server.enrol("仓库").ask("GET", f"/media/{name_of(content)}")
    assert (got.content, got.headers["content-type"]) == (content, f"image/{kind.lower()}")
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>",
        gif(),
        bomb(30_000),
        bomb(8_000),
        picture()[:70],
        picture("JPEG")[:300],
    ],
    ids=["nothing", "svg", "html", "gif", "bomb", "small bomb", "cut png", "cut jpeg"],
)
def test_what_is_no_picture_is_refused(server: Server, desktop: Desktop, content: bytes) -> None:
    reply = desktop.ask("PUT", f"/media/{name_of(content)}", content=content)
    assert (reply.status_code, reply.json()["code"]) == (422, "not_a_picture")
    assert desktop.ask("GET", f"/media/{name_of(content)}").status_code == 404
    assert not [file for file in server.service.media_folder.rglob("*") if file.is_file()]


def test_a_picture_under_anothers_name_is_refused(desktop: Desktop) -> None:
    assert put(desktop, picture(), name_of(b"something else")) == 422


@pytest.mark.parametrize("name", ["x", "A" * 64, "..%2F..%2Fservice.json", "g" * 64])
def test_names_are_content_names(desktop: Desktop, name: str) -> None:
    assert put(desktop, picture(), name) == 404
    assert desktop.ask("GET", f"/media/{name}").status_code == 404


def test_a_picture_too_large_to_send_is_refused(desktop: Desktop) -> None:
    assert put(desktop, b"x" * 12_000_001) == 413


def test_pictures_need_a_token(server: Server) -> None:
    assert server.ask("GET", f"/sync/v1/media/{'0' * 64}").status_code == 401
    assert server.ask("PUT", f"/sync/v1/media/{'0' * 64}", content=picture()).status_code == 401
