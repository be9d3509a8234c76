"""What the service can be asked, and how asking can fail; HTTP is one way, tests have another."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from app.kernel.errors import KnownError
from app.wire.messages import (
    AskReply,
    AskRequest,
    HelloReply,
    HelloRequest,
    LeaseReply,
    PullReply,
    PushReply,
    PushRequest,
    SnapshotReply,
    SumsReply,
    VerdictsReply,
)


class Unreachable(KnownError):
    """No answer, or none that can be trusted: what was asked may have happened or not.

    ``trouble`` is a code for what a person has to mend where the service runs; "" when trying again may help.
    """

    def __init__(self, why: str, retry_after_s: int = 0, trouble: str = "") -> None:
        super().__init__("sync.unreachable", "The shop's service cannot be reached. Work goes on here meanwhile.", {})
        self.why = why
        self.retry_after_s = retry_after_s
        self.trouble = trouble


class Refused(Exception):
    """The service has answered, and not with what was asked for."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Transport(Protocol):
    """One enrolled device's line to the service; every method raises Unreachable or Refused."""

    def hello(self, request: HelloRequest) -> HelloReply: ...
    def push(self, request: PushRequest) -> PushReply: ...
    def ask(self, request: AskRequest) -> AskReply: ...
    def pull(self, epoch: str, after: int, limit: int) -> PullReply: ...
    def lease(self) -> LeaseReply: ...
    def snapshot(self, table: str, after_pk: Sequence[str] | None, limit: int) -> SnapshotReply: ...
    def verdicts(self, after_device_seq: int) -> VerdictsReply: ...
    def sums(self) -> SumsReply: ...
