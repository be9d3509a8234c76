"""The secret that pickup codes are signed with: a file for the service alone, never a row, a log line or a backup.

A shop whose file is lost makes a new one: codes are made when they are asked for, so buyers see the new ones at once.
"""

import json
import secrets
from pathlib import Path

from app.domain.pickup.code import KEY_BYTES, PickupKeys
from app.kernel import codec, typed
from app.kernel.errors import KnownError
from app.kernel.files import replace_file
from app.kernel.ids import uuid7

FILE = "pickup-keys.json"
UNREADABLE = (
    "The file {file} with the key of the pickup codes cannot be read. Put it back, or delete it to make new codes."
)


def load_or_create(folder: Path) -> PickupKeys:
    """The shop's keys, made at the first start; raises KnownError for a file that is none of ours."""
    path = folder / FILE
    try:
        return typed.build(PickupKeys, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return _created(path)
    except (OSError, ValueError) as error:
        raise KnownError("pickup_keys.unreadable", UNREADABLE, {"file": str(path)}) from error


def _created(path: Path) -> PickupKeys:
    keys = PickupKeys(uuid7(), "1", {"1": secrets.token_hex(KEY_BYTES)})
    replace_file(path, codec.canonical(codec.plain(keys)).encode(), secret=True)
    return keys
