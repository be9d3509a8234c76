"""Push: a desktop's commands are decided in their order, a few in the fast lane, many in slices beside it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

from app.domain.command import Actor
from app.domain.permission import Role
from app.wire.messages import (
    PUSH_LIMIT,
    AskReply,
    AskRequest,
    CommandMessage,
    CommandResult,
    PushReply,
    PushRequest,
)
from services.authority.devices import DeviceRecord
from services.authority.head import read_head
from services.authority.lanes import Lane
from services.authority.reading import EpochChanged
from services.authority.submission import Answer, Busy, Intent
from services.http.asking import read, settled
from services.http.auth import check_own_device
from services.http.problem import MALFORMED, SHOP_MOVED, Problem
from services.http.service import Service

SLICE = 10


async def push(service: Service, device: DeviceRecord, request: PushRequest) -> PushReply:
    """The verdicts; raises what the first undecided command met, and nothing after that one was processed."""
    check_own_device(device, request.device_id)
    if len(request.commands) > PUSH_LIMIT:
        raise Problem(MALFORMED, {"where": "commands", "why": f"must be at most {PUSH_LIMIT}"})
    head = await read(service.store, read_head)
    if head.moved_to:
        raise Problem(SHOP_MOVED, {"address": head.moved_to})
    if request.feed_epoch != head.epoch:
        raise EpochChanged(head.epoch)
    lane = Lane.LIVE if len(request.commands) <= SLICE else Lane.BULK
    results: list[CommandResult] = []
    for start in range(0, len(request.commands), SLICE):
        results += await _decide(service, device, request.commands[start : start + SLICE], lane)
    last = max([device.last_device_seq, *(result.device_seq for result in results)])
    return PushReply(last, tuple(results))


async def ask(service: Service, device: DeviceRecord, request: AskRequest) -> AskReply:
    """Decide one request of a desktop that waits for the answer; asked again, the same verdict is given again."""
    check_own_device(device, request.device_id)
    head = await read(service.store, read_head)
    if head.moved_to:
        raise Problem(SHOP_MOVED, {"address": head.moved_to})
    intent = Intent(
        request.command_id,
        request.name,
        request.version,
        request.args,
        Actor(request.actor, Role.COURIER),
        request.issued_at,
        device.id,
    )
    answer = await settled(service.executor.submit(intent, Lane.LIVE))
    if answer.mismatch:
        raise Problem(MALFORMED, {"where": "command_id", "why": "was used for another command"})
    return AskReply(answer.verdict, answer.code, answer.params, answer.commit_seq)


async def _decide(
    service: Service, device: DeviceRecord, commands: Sequence[CommandMessage], lane: Lane
) -> list[CommandResult]:
    futures: list[Future[Answer]] = []
    refused: Busy | None = None
    for command in commands:
        try:
            futures.append(service.executor.submit(_intent(device, command), lane))
        except Busy as error:  # the lane is full: what was accepted is still waited for
            refused = error
            break
    answers = await asyncio.gather(*(settled(future) for future in futures), return_exceptions=True)
    results: list[CommandResult] = []
    for command, answer in zip(commands, answers, strict=False):
        if isinstance(answer, BaseException):
            raise answer
        results.append(_result(command, answer))
    if refused is not None:
        raise refused
    return results


def _intent(device: DeviceRecord, command: CommandMessage) -> Intent:
    # The actor is a claim: the authority looks the person's role up itself, so the least one stands here.
    return Intent(
        command.command_id,
        command.name,
        command.version,
        command.args,
        Actor(command.actor, Role.COURIER),
        command.issued_at,
        device.id,
        command.device_seq,
    )


def _result(command: CommandMessage, answer: Answer) -> CommandResult:
    return CommandResult(
        command.device_seq,
        command.command_id,
        answer.verdict,
        answer.code,
        answer.params,
        answer.commit_seq,
        answer.duplicate,
    )
