"""The notices: queued, sealed at the moment they leave, sent again until the shop says 2xx."""

import http.client
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from services.standins.wechat.document import encode, moment
from services.standins.wechat.fault import Fault
from services.standins.wechat.identity import Signer
from services.standins.wechat.seal import Seal, is_loopback

log = logging.getLogger("standin")
ANSWER_SECONDS = 5
SENDERS = 8
"""So many notices may wait for the shop's answer at once: a slow one must not hold up all the others."""
Post = Callable[[str, Mapping[str, str], bytes], int | None]


class NoticePlan(StrEnum):
    """How a notice travels. HELD waits for ``deliver``, so that a test chooses the order; LOST never leaves."""

    STRAIGHT = "straight"
    LATE = "late"
    TWICE = "twice"
    HELD = "held"
    LOST = "lost"
    PROBE = "probe"
    FORGED = "forged"
    STALE = "stale"
    WRONG_AMOUNT = "wrong_amount"


# What is sent in the place of, or before, the genuine notice.
_SPOILED = {NoticePlan.PROBE: Fault.PROBE, NoticePlan.FORGED: Fault.FORGED, NoticePlan.STALE: Fault.STALE}


@dataclass(slots=True)
class Notice:
    """One thing to tell. ``number`` is the out_trade_no or out_refund_no; ``statuses`` are the shop's answers."""

    event: str
    kind: str
    number: str
    url: str
    content: Mapping[str, Any]
    summary: str
    created_at: datetime
    spoiled: list[Fault] = field(default_factory=list)
    copies: int = 1
    due_at: datetime | None = None
    notice_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    statuses: list[int | None] = field(default_factory=list)
    failures: int = 0

    @property
    def is_delivered(self) -> bool:
        return self.copies == 0


def post(url: str, headers: Mapping[str, str], body: bytes) -> int | None:
    """Send for real, to this machine and therefore in the open; None means no answer within five seconds."""
    place = urlsplit(url)
    target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_SECONDS)) as line:
        try:
            line.request("POST", target, body, dict(headers))
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


class Mail:
    """The queue. Whoever lets time pass calls ``send_due``, and a test ``deliver_due``."""

    def __init__(
        self,
        seal: Seal,
        signer: Callable[[], Signer],
        clock: Callable[[], datetime],
        retry_seconds: tuple[int, ...],
        send: Post = post,
    ) -> None:
        self._seal = seal
        self._signer = signer
        self._clock = clock
        self._retry_seconds = retry_seconds
        self._send = send
        self._notices: list[Notice] = []
        self._waiting: list[Notice] = []
        """Those with a time to leave at that are not on their way."""
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)

    def notices(self) -> tuple[Notice, ...]:
        with self._lock:
            return tuple(self._notices)

    def put(self, notice: Notice, plan: NoticePlan, delay_seconds: int = 0) -> Notice:
        now = self._clock()
        spoiled = _SPOILED.get(plan)
        notice.spoiled = [spoiled] if spoiled is not None else []
        notice.copies = 2 if plan is NoticePlan.TWICE else 1
        if plan not in (NoticePlan.HELD, NoticePlan.LOST):
            notice.due_at = now + timedelta(seconds=delay_seconds)
        with self._changed:
            self._notices.append(notice)
            self._await(notice)
        return notice

    def _await(self, notice: Notice) -> None:
        if notice.due_at is not None and not any(each is notice for each in self._waiting):
            self._waiting.append(notice)
            self._changed.notify_all()

    def deliver(self, number: str) -> list[int | None]:
        """Send the notices about a number now, held and delivered ones too, and return the shop's answers."""
        return [self._deliver(notice) for notice in self.notices() if notice.number == number]

    def deliver_due(self) -> int:
        """Send whatever is due and wait for the answers; returns how many messages left."""
        sent = 0
        while due := self._due():
            with ThreadPoolExecutor(SENDERS) as senders:
                list(senders.map(self._deliver, due))
            sent += len(due)
        return sent

    def send_due(self, senders: Executor) -> None:
        """The same without waiting."""
        for notice in self._due():
            senders.submit(self._delivered_or_told, notice)

    def _delivered_or_told(self, notice: Notice) -> None:
        try:
            self._deliver(notice)
        except Exception:  # thread entry: nobody waits for what a sender meets
            log.exception("a notice about %s was not sent", notice.number)
            raise

    def _due(self) -> list[Notice]:
        """Taken out: each is sent by one."""
        now = self._clock()
        with self._lock:
            due = [notice for notice in self._waiting if notice.due_at is not None and notice.due_at <= now]
            if due:
                self._waiting = [
                    notice for notice in self._waiting if notice.due_at is not None and notice.due_at > now
                ]
        return due

    def wait(self, seconds: float) -> None:
        """Until something is put or the time is over."""
        with self._changed:
            self._changed.wait(seconds)

    def _deliver(self, notice: Notice) -> int | None:
        fault = notice.spoiled.pop(0) if notice.spoiled else None
        status = self.send_once(notice, fault)
        notice.statuses.append(status)
        self._plan_next(notice, fault, status)
        with self._changed:
            self._await(notice)
        return status

    def send_once(self, notice: Notice, fault: Fault | None = None) -> int | None:
        """Seal and send, once, whatever the answer."""
        if not is_loopback(notice.url):
            return None
        envelope = {
            "id": notice.notice_id,
            "create_time": moment(notice.created_at),
            "resource_type": "encrypt-resource",
            "event_type": notice.event,
            "summary": notice.summary,
            "resource": {"original_type": notice.kind, **self._seal.resource(notice.kind, encode(notice.content))},
        }
        body = encode(envelope)
        headers = {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
        return self._send(notice.url, {**headers, **self._seal.headers(self._signer(), body, fault)}, body)

    def _plan_next(self, notice: Notice, fault: Fault | None, status: int | None) -> None:
        is_taken = status is not None and 200 <= status < 300
        if is_taken and fault is None:
            notice.copies = max(0, notice.copies - 1)
            notice.due_at = self._clock() if notice.copies else None
            return
        if notice.failures >= len(self._retry_seconds):
            notice.due_at = None
            return
        notice.due_at = self._clock() + timedelta(seconds=self._retry_seconds[notice.failures])
        notice.failures += 1
