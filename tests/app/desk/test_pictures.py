"""The goods' pictures at a counter: made fit to send, kept within a bound, sent before what names them."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.desk import picture_file
from app.desk.picture_store import PictureStore
from app.desk.pictures import Pictures
from app.domain.catalog.commands import AddPicture
from app.kernel.errors import KnownError
from app.sync.transport import Refused, Unreachable
from app.wire.messages import CommandMessage
from tests.support.clocks import FixedClock

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def photo(folder: Path, name: str = "照片 1.jpg", size: tuple[int, int] = (400, 300), kind: str = "JPEG") -> Path:
    """As a telephone makes it: lying on its side, with the place and the camera written into it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "SomePhone"
    exif.get_ifd(GPS)[1] = "N"
    picture = Image.new("RGB", size, (200, 30, 30))
    picture.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    picture.save(folder / name, kind, exif=exif, quality=95)
    return folder / name


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken(tmp_path: Path) -> None:
    made = picture_file.prepare(photo(tmp_path))
    picture = opened(made.content)
    assert picture.size == (made.width, made.height) == (300, 400)
    assert dict(picture.getexif()) == {} and b"SomePhone" not in made.content
    top, bottom = picture.getpixel((150, 20)), picture.getpixel((150, 380))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[2] > top[0] and bottom[0] > bottom[2]


def test_a_huge_photo_becomes_as_large_as_buyers_can_see(tmp_path: Path) -> None:
    made = picture_file.prepare(photo(tmp_path, size=(4_000, 3_000)))
    assert max(made.width, made.height) == picture_file.MOST_SIDE


def test_what_can_be_seen_through_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(tmp_path / "logo.png")
    assert opened(picture_file.prepare(tmp_path / "logo.png").content).getpixel((5, 5)) == (255, 255, 255)


REFUSED = {
    "tiny.png": "picture.too_small",
    "text.jpg": "picture.not_one",
    "anim.gif": "picture.not_one",
    "gone.jpg": "picture.unreadable",
}


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_what_is_no_usable_picture_is_refused_with_its_name(tmp_path: Path, name: str, code: str) -> None:
    Image.new("RGB", (60, 400)).save(tmp_path / "tiny.png")
    (tmp_path / "text.jpg").write_bytes(b"no picture at all")
    Image.new("RGB", (300, 300)).save(tmp_path / "anim.gif")
    with pytest.raises(KnownError) as caught:
        picture_file.prepare(tmp_path / name)
    assert (caught.value.code, caught.value.params) == (code, {"name": name})


def name_of(number: int) -> str:
    return f"{number:064x}"


def test_the_store_keeps_within_its_bound_and_drops_what_was_not_looked_at_for_longest(tmp_path: Path) -> None:
    store = PictureStore(tmp_path, most_bytes=1_000)
    store.put_outgoing(name_of(99), b"o" * 5_000)
    for number in range(4):
        store.keep(name_of(number), bytes([number]) * 240)
        os.utime(tmp_path / "kept" / "00" / name_of(number), (number, number))
    assert store.read(name_of(0)) is not None  # looked at: the youngest now
    store.keep(name_of(4), b"4" * 240)
    here = [number for number in range(5) if store.read(name_of(number)) is not None]
    assert here == [0, 3, 4]
    assert store.outgoing(name_of(99)) is not None, "what was not sent is the only copy"


def test_a_name_from_the_feed_never_leads_out_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    store = PictureStore(tmp_path / "pictures")
    assert store.read("../secret") is None and store.read("/etc/hostname") is None


class Line:
    """The service's side, as far as pictures go."""

    def __init__(self) -> None:
        self.has: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.is_cut = False
        self.refuses = ""

    def picture(self, sha256: str) -> bytes | None:
        self.asked.append(sha256)
        if self.is_cut:
            raise Unreachable("cut")
        return self.has.get(sha256)

    def send_picture(self, sha256: str, content: bytes) -> None:
        if self.is_cut:
            raise Unreachable("cut")
        if self.refuses:
            raise Refused(self.refuses, {})
        self.has[sha256] = content


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def pictures(tmp_path: Path, line: Line) -> Iterator[Pictures]:
    found = Pictures(PictureStore(tmp_path / "pictures"), line)
    yield found
    found.close()


def message(sha256: str, name: str = AddPicture.NAME) -> CommandMessage:
    return CommandMessage(1, "c", name, 1, "request", "owner", FixedClock().now(), {"sha256": sha256})


def test_a_picture_is_fetched_once_and_then_is_here(tmp_path: Path, line: Line, pictures: Pictures) -> None:
    made = picture_file.prepare(photo(tmp_path))
    line.has[made.sha256] = made.content
    first = pictures.thumbnail(made.sha256, 96).result(20)
    line.is_cut = True
    again = pictures.thumbnail(made.sha256, 40).result(20)
    assert first is not None and opened(first).size == (96, 96)
    assert again is not None and opened(again).size == (40, 40)
    assert line.asked == [made.sha256]


def test_what_cannot_be_had_leaves_a_tile(line: Line, pictures: Pictures) -> None:
    line.has[name_of(2)] = b"no picture"
    assert [pictures.thumbnail(name_of(n), 96).result(20) for n in (1, 2)] == [None, None]
    line.is_cut = True
    assert pictures.thumbnail(name_of(3), 96).result(20) is None


def test_a_picture_goes_up_before_the_command_that_names_it(tmp_path: Path, line: Line, pictures: Pictures) -> None:
    made = pictures.prepare(photo(tmp_path)).result(20)
    pictures.keep(made).result(20)
    assert pictures.thumbnail(made.sha256, 96).result(20) is not None, "it shows here before it was sent"
    line.is_cut = True
    with pytest.raises(Unreachable):
        pictures.send_before([message(made.sha256)])
    line.is_cut = False
    pictures.send_before([message(made.sha256, "order.ship"), message("")])
    assert line.has == {}
    pictures.send_before([message(made.sha256)])
    assert line.has == {made.sha256: made.content}
    line.is_cut = True
    pictures.send_before([message(made.sha256)])  # sent already: asked for nothing
    assert pictures.thumbnail(made.sha256, 96).result(20) is not None


def test_a_picture_that_cannot_be_read_just_now_is_not_taken_for_sent(
    tmp_path: Path, line: Line, pictures: Pictures
) -> None:
    """Its command must not go up without it: as while another program holds the file."""
    made = pictures.prepare(photo(tmp_path)).result(20)
    pictures.keep(made).result(20)
    kept = tmp_path / "pictures" / "outgoing" / made.sha256[:2] / made.sha256
    content = kept.read_bytes()
    kept.unlink()
    kept.mkdir()
    with pytest.raises(OSError):
        pictures.send_before([message(made.sha256)])
    kept.rmdir()
    kept.write_bytes(content)
    pictures.send_before([message(made.sha256)])
    assert line.has == {made.sha256: made.content}


@pytest.mark.warns_in_log("the service refuses a picture on purpose")
def test_a_picture_that_the_service_never_takes_does_not_hold_up_the_shop(
    tmp_path: Path, line: Line, pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    made = pictures.prepare(photo(tmp_path)).result(20)
    pictures.keep(made).result(20)
    line.refuses = "device_revoked"
    with pytest.raises(Refused):
        pictures.send_before([message(made.sha256)])
    line.refuses = "not_a_picture"
    pictures.send_before([message(made.sha256)])
    assert "does not take" in caplog.text


def test_after_the_end_nobody_waits(tmp_path: Path, line: Line) -> None:
    pictures = Pictures(PictureStore(tmp_path), line)
    pictures.close()
    assert pictures.thumbnail(name_of(1), 96).result(5) is None
