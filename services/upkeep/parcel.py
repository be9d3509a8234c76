"""What a backup holds: a list of its contents, the shop's database as one SQLite file, and its pictures."""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from services.authority.pictures import is_name, place
from services.upkeep.sealed import damaged

DATABASE = "shop.db"
CONTENTS = "contents.json"
MEDIA = "media/"
FORMAT = 1
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """The first entry: what must be found behind it."""

    format: int
    made_at: str
    shop_name: str
    epoch: str
    last_seq: int
    database_sha256: str
    media_count: int


def pack(out: Any, contents: Contents, database: Path, media: Path) -> None:
    """Write the whole parcel into ``out``, something that takes bytes."""
    with tarfile.open(fileobj=cast(IO[bytes], out), mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add_bytes(tar, CONTENTS, json.dumps(asdict(contents), ensure_ascii=False).encode())
        tar.add(database, DATABASE, recursive=False, filter=_anonymous)
        for file in pictures(media):
            tar.add(file, MEDIA + file.name, recursive=False, filter=_anonymous)


def unpack(source: Any, folder: Path) -> Contents:
    """Put the parcel's database and pictures into an empty folder; raises NoBackup when anything is not as listed."""
    contents: Contents | None = None
    count = 0
    try:
        with tarfile.open(fileobj=cast(IO[bytes], source), mode="r|") as tar:
            for member in tar:
                data = tar.extractfile(member)
                if data is None or not _is_expected(member.name):
                    raise damaged()
                if member.name == CONTENTS:
                    contents = Contents(**json.loads(data.read()))
                    continue
                count += member.name.startswith(MEDIA)
                _keep(data, _spot(folder, member.name))
    except (tarfile.TarError, ValueError, TypeError) as error:
        raise damaged() from error
    if contents is None or contents.format != FORMAT or contents.media_count != count:
        raise damaged()
    if not (folder / DATABASE).exists() or digest(folder / DATABASE) != contents.database_sha256:
        raise damaged()
    return contents


def pictures(media: Path) -> Iterator[Path]:
    """The pictures as they came in; what buyers are shown is drawn from them again."""
    yield from (file for file in sorted(media.glob("??/*")) if is_name(file.name))


def add_pictures(source: Path, media: Path) -> None:
    """Take over pictures from another folder: they are named by their content, so those here already are the same."""
    for picture in pictures(source):
        spot = place(media, picture.name)
        if not spot.exists():
            spot.parent.mkdir(parents=True, exist_ok=True)
            draft = spot.with_name(spot.name + ".new")
            shutil.copyfile(picture, draft)
            draft.replace(spot)  # half of one would be taken for all of it the next time


def digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _is_expected(name: str) -> bool:
    """Names of ours only: what a stranger packed must not choose where it lands."""
    return name in (CONTENTS, DATABASE) or (name.startswith(MEDIA) and is_name(name.removeprefix(MEDIA)))


def _spot(folder: Path, name: str) -> Path:
    return place(folder / MEDIA, name.removeprefix(MEDIA)) if name.startswith(MEDIA) else folder / name


def _keep(data: IO[bytes], path: Path) -> None:
    """Raises NoBackup when a picture is not what its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = hashlib.sha256()
    with path.open("wb") as out:
        while block := data.read(_BLOCK):
            found.update(block)
            out.write(block)
    if is_name(path.name) and found.hexdigest() != path.name:
        raise damaged()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who made the backup on which computer is nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
