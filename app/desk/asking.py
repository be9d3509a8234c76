"""What only the shop's service may decide: how a command is put to it, and what its answer means at the counter."""

import logging
from collections.abc import Callable
from concurrent.futures import Future

from app.domain.command import Command
from app.domain.outcome import RejectCode, Rejected
from app.kernel import codec
from app.replica.changes import ChangeSet, Origin
from app.replica.local import Issue
from app.replica.outcome import Done, LocalOutcome, NeedsNetwork
from app.sync.asking import NotAsked
from app.wire.messages import AskReply, AskRequest, Verdict

log = logging.getLogger("desk")


def nobody(request: AskRequest) -> "Future[AskReply]":
    """Before there is a line."""
    future: Future[AskReply] = Future()
    future.set_exception(NotAsked())
    return future


def request_of(command: Command, issue: Issue, device_id: str) -> AskRequest:
    return AskRequest(
        device_id=device_id,
        command_id=issue.command_id,
        name=command.NAME,
        version=command.VERSION,
        actor=issue.actor_id,
        issued_at=issue.issued_at,
        args=codec.plain(command),
    )


def decided(
    here: "Future[LocalOutcome | AskRequest]", ask: "Callable[[AskRequest], Future[AskReply]]", initiator: str
) -> "Future[LocalOutcome]":
    """What was decided here, or else there; answers on whichever thread had it last."""
    outcome: Future[LocalOutcome] = Future()

    def on_here(done: "Future[LocalOutcome | AskRequest]") -> None:
        error = done.exception()
        if error is not None:
            outcome.set_exception(error)
            return
        found = done.result()
        if isinstance(found, AskRequest):
            ask(found).add_done_callback(lambda answered: on_there(found, answered))
        else:
            outcome.set_result(found)

    def on_there(request: AskRequest, answered: "Future[AskReply]") -> None:
        error = answered.exception()
        if isinstance(error, NotAsked):
            outcome.set_result(NeedsNetwork(request.name))
        elif error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(_outcome(request, answered.result(), initiator))

    here.add_done_callback(on_here)
    return outcome


def _outcome(request: AskRequest, reply: AskReply, initiator: str) -> LocalOutcome:
    log.info("%s %s: %s %s", request.name, request.command_id, reply.verdict.value, reply.code)
    if reply.verdict is Verdict.REJECTED:
        return Rejected(RejectCode(reply.code, ""), reply.params)
    return Done(request.command_id, ChangeSet(Origin.FEED, {}, initiator=initiator))
