"""The line to the service over HTTP. Whatever is not a complete and valid answer counts as no answer."""

import json
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from app.kernel import codec, typed
from app.kernel.later import later
from app.sync.transport import Refused, Unreachable
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.messages import (
    AskReply,
    AskRequest,
    DevicesReply,
    EnrolReply,
    EnrolRequest,
    HelloReply,
    HelloRequest,
    LeaseReply,
    NewCodeReply,
    NewCodeRequest,
    PullReply,
    PushReply,
    PushRequest,
    SnapshotReply,
    SumsReply,
    VerdictsReply,
)
from app.wire.outside import OutsideReply, OutsideRequest

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

T = TypeVar("T")
TIMEOUT_S = 20.0
CONNECT_S = 4.0
"""A connection that is being made cannot be cut short, and nobody wants to wait longer for the program's end."""
POKE_SILENCE_S = 45.0
MOST_LINES = 16
STORAGE_UNAVAILABLE = "storage_unavailable"
"""The one of the service's answers for "later" that does not mend by itself: its disk is full, or its database gone."""
log = logging.getLogger("sync")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service is right now, and what proves who asks."""

    url: str
    token: str


class _Client:
    """A client that is made when something is asked for the first time."""

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self._lock = threading.Lock()
        self._made: httpx.Client | None = None
        self._is_closed = False

    def made(self) -> "httpx.Client":
        """Raises RuntimeError once it is closed."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("closed")
            if self._made is None:
                timeout = httpx.Timeout(TIMEOUT_S, connect=CONNECT_S, read=self._silence_s)
                self._made = httpx.Client(timeout=timeout, trust_env=False)
            return self._made

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._made is not None:
                self._made.close()


class HttpTransport:
    """``address`` is asked before each request: an embedded service may come back on another port."""

    def __init__(self, address: Callable[[], Address]) -> None:
        self._address = address
        self._client = _Client(TIMEOUT_S)
        self._stream: httpx.Response | None = None
        self._lines: deque[Any] = deque(maxlen=MOST_LINES)
        self._is_hung_up = False
        self._poke_client = _Client(POKE_SILENCE_S)

    def hello(self, request: HelloRequest) -> HelloReply:
        return self._ask(HelloReply, "POST", "hello", body=request)

    def push(self, request: PushRequest) -> PushReply:
        return self._ask(PushReply, "POST", "push", body=request)

    def ask(self, request: AskRequest) -> AskReply:
        return self._ask(AskReply, "POST", "ask", body=request)

    def pull(self, epoch: str, after: int, limit: int) -> PullReply:
        return self._ask(PullReply, "GET", "pull", params={"epoch": epoch, "after": after, "limit": limit})

    def lease(self) -> LeaseReply:
        return self._ask(LeaseReply, "POST", "lease")

    def snapshot(self, table: str, after_pk: Sequence[str] | None, limit: int) -> SnapshotReply:
        params: dict[str, Any] = {"limit": limit}
        if after_pk is not None:
            params["after_pk"] = list(after_pk)
        return self._ask(SnapshotReply, "GET", f"snapshot/{table}", params=params)

    def verdicts(self, after_device_seq: int) -> VerdictsReply:
        return self._ask(VerdictsReply, "GET", "verdicts", params={"after_device_seq": after_device_seq})

    def sums(self) -> SumsReply:
        return self._ask(SumsReply, "GET", "sums")

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._ask(EnrolReply, "POST", "enrol", body=request)

    def devices(self) -> DevicesReply:
        return self._ask(DevicesReply, "GET", "devices")

    def new_code(self, request: NewCodeRequest) -> NewCodeReply:
        return self._ask(NewCodeReply, "POST", "codes", body=request)

    def picture(self, sha256: str) -> bytes | None:
        """A picture by its content's name, or None when the service does not have it."""
        address = self._address()
        response = self._send("GET", f"{address.url}/sync/v1/media/{sha256}", headers=_headers(address))
        if response.is_success:
            return response.content
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        _judge(response)
        return None

    def send_picture(self, sha256: str, content: bytes) -> None:
        """Twice is no harm: the service keeps it under its content's name."""
        address = self._address()
        url = f"{address.url}/sync/v1/media/{sha256}"
        response = self._send("PUT", url, content=content, headers=_headers(address))
        if not response.is_success:
            _judge(response)

    def outside(self) -> OutsideReply:
        return self._ask(OutsideReply, "GET", "outside")

    def set_outside(self, request: OutsideRequest) -> OutsideReply:
        return self._ask(OutsideReply, "PUT", "outside", body=request)

    def carrier(self) -> CarrierReply:
        return self._ask(CarrierReply, "GET", "carrier")

    def set_carrier(self, request: CarrierRequest) -> CarrierReply:
        return self._ask(CarrierReply, "PUT", "carrier", body=request)

    def pokes(self) -> Iterator[None]:
        """One item per poke, and one when the stream opens, since something may have come before it."""
        address = self._address()
        try:
            with self._poke_client.made().stream(
                "GET", f"{address.url}/sync/v1/poke", headers=_headers(address)
            ) as response:
                if response.status_code != httpx.codes.OK:
                    response.read()
                    _judge(response)
                self._stream = response
                yield None
                for line in response.iter_lines():
                    if line.startswith("event: poke") or line.startswith("data:"):
                        yield None
        except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: closed before it was opened
            raise Unreachable(type(error).__name__) from error
        finally:
            self._stream = None

    def hang_up(self) -> None:
        """End the stream and every request now, for good: closing the client would wait for a blocked read."""
        self._is_hung_up = True
        stream = self._stream
        for line in [*self._lines, *([stream.extensions["network_stream"]] if stream is not None else [])]:
            found: socket.socket | None = line.get_extra_info("socket")
            if found is not None:
                with suppress(OSError):
                    found.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._client.close()
        self._poke_client.close()

    def _ask(
        self, kind: type[T], method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> T:
        address = self._address()
        content = None if body is None else json.dumps(codec.plain(body), ensure_ascii=False).encode()
        headers = _headers(address) | ({} if content is None else {"Content-Type": "application/json"})
        url = f"{address.url}/sync/v1/{path}"
        value = _judge(self._send(method, url, params=params, content=content, headers=headers))
        try:
            return typed.build(kind, value)
        except typed.Malformed as error:
            raise Unreachable(f"an answer that is none: {error}") from error

    def _send(self, method: str, url: str, **how: Any) -> "httpx.Response":
        if self._is_hung_up:
            raise Unreachable("the program ends")
        try:
            return self._client.made().request(method, url, extensions={"trace": self._note_line}, **how)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:  # RuntimeError: closed while it was asking
            raise Unreachable(type(error).__name__) from error

    def _note_line(self, event: str, info: Mapping[str, Any]) -> None:
        """Remembers the connections as they are made, so that they can be cut under a request."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._lines.append(info["return_value"])


def _headers(address: Address) -> dict[str, str]:
    return {"Authorization": f"Bearer {address.token}"} if address.token else {}


def _judge(response: "httpx.Response") -> Any:
    """The answer's JSON; raises Refused for the service's own refusals and Unreachable for everything doubtful."""
    try:
        value = codec.parse(response.text)
    except ValueError as error:
        raise Unreachable(f"status {response.status_code} without a valid answer") from error
    if response.is_success:
        return value
    code = value.get("code", "") if isinstance(value, dict) else ""
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or code in ("", "too_often"):
        retry_after = response.headers.get("Retry-After", "0")
        seconds = int(retry_after) if retry_after.isdigit() else 0
        raise Unreachable(f"status {response.status_code}", seconds, code if code == STORAGE_UNAVAILABLE else "")
    params = value.get("params", {})
    raise Refused(code, {**value, **params} if isinstance(params, dict) else value)
