"""The log of commands: what was decided once is answered again, and no entry can be changed unnoticed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from app.kernel import codec
from app.tables.statements import Database
from app.wire.messages import Verdict
from services.authority.submission import Answer, Intent

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A decided command, before it has its place in the chain."""

    intent: Intent
    kind: str
    verdict: Verdict
    code: str
    params: Mapping[str, Any]
    commit_seq: int
    recorded_at: datetime


def args_digest(name: str, version: int, args: Mapping[str, Any]) -> str:
    return _digest(name, version, codec.canonical(args))


def _digest(name: str, version: int, args: str) -> str:
    """The hash of ``[name, version, args]`` as canonical text, of which the arguments are there already."""
    return hashlib.sha256(f"[{_named(name)},{version},{args}]".encode()).hexdigest()


_named = cache(codec.canonical)
"""Of the few names that commands have."""


def answered(database: Database, intent: Intent) -> Answer | None:
    """The verdict that this command was given before; ``mismatch`` when its arguments were others then."""
    record = database.execute(
        f"SELECT verdict, code, params, commit_seq, args_sha256 FROM command_log WHERE command_id = {database.mark}",
        (intent.command_id,),
    ).fetchone()
    if record is None:
        return None
    verdict, code, params, commit_seq, digest = record
    return Answer(
        intent.command_id,
        Verdict(verdict),
        code,
        codec.parse(params),
        commit_seq,
        duplicate=True,
        mismatch=digest != args_digest(intent.name, intent.version, intent.args),
    )


def append(database: Database, entry: Entry, position: int, prev_hash: str) -> str:
    """Write the entry as number ``position`` behind ``prev_hash``; answers its own hash.

    The hash covers everything but the arguments themselves: they may be blanked when personal data has to leave, and
    their digest stays.
    """
    intent = entry.intent
    args = codec.canonical(intent.args)
    covered = (
        intent.command_id,
        intent.device_id,
        intent.device_seq,
        intent.name,
        intent.version,
        _digest(intent.name, intent.version, args),
        entry.kind,
        entry.verdict.value,
        entry.code,
        codec.canonical(codec.plain(entry.params)) if entry.params else "{}",
        entry.commit_seq,
        codec.time_text(intent.issued_at),
        codec.time_text(entry.recorded_at),
        intent.actor.id,
        position,
        prev_hash,
    )
    digest = chain_hash(covered)
    names = (
        "command_id, device_id, device_seq, name, version, args_sha256, kind, verdict, code, params, commit_seq,"
        " issued_at, recorded_at, actor, position, prev_hash"
    )
    marks = ", ".join([database.mark] * (len(covered) + 2))
    database.execute(f"INSERT INTO command_log ({names}, args, hash) VALUES ({marks})", (*covered, args, digest))
    return digest


def chain_hash(covered: tuple[Any, ...]) -> str:
    return hashlib.sha256(codec.canonical(list(covered)).encode()).hexdigest()


def broken_link(database: Database) -> int | None:
    """The position of the first entry that does not fit the chain, or None when all do.

    Arguments that are still there must be those that were decided, and the chain must reach as far as the head says.
    """
    prev_hash, expected = GENESIS, 1
    records = database.execute(
        "SELECT args, command_id, device_id, device_seq, name, version, args_sha256, kind, verdict, code, params,"
        " commit_seq, issued_at, recorded_at, actor, position, prev_hash, hash FROM command_log ORDER BY position"
    ).fetchall()
    for args, *covered, digest in records:
        name, version, args_sha256 = covered[3:6]
        position = covered[-2]
        is_linked = position == expected and covered[-1] == prev_hash and chain_hash(tuple(covered)) == digest
        if not is_linked or (args is not None and args_digest(name, version, codec.parse(args)) != args_sha256):
            return int(position)
        prev_hash, expected = digest, expected + 1
    end = database.execute("SELECT last_position, last_hash FROM feed_head WHERE id = 1").fetchone()
    return None if tuple(end) == (expected - 1, prev_hash) else expected
