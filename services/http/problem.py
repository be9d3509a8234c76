"""What a refused request is told: problem documents (RFC 9457) with a stable ``code`` and a text for people."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.kernel import codec
from app.kernel.errors import KnownError
from app.kernel.i18n import render
from services.authority.reading import CursorExpired, EpochChanged
from services.authority.submission import Busy, SequenceConflict, SequenceGap

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("http")


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A kind of refusal; ``template`` is English with named places."""

    status: int
    code: str
    template: str


MALFORMED_JSON = ProblemCode(400, "malformed_json", "The request is not the JSON that is wanted here.")
MALFORMED = ProblemCode(400, "malformed", "The request does not fit: {where} {why}.")
UNAUTHORISED = ProblemCode(401, "unauthorised", "This needs a valid token.")
DEVICE_REVOKED = ProblemCode(401, "device_revoked", "This computer was locked out of the shop. Ask the owner.")
FORBIDDEN = ProblemCode(403, "forbidden", "This is not allowed with this token.")
NOT_FOUND = ProblemCode(404, "not_found", "There is nothing here.")
METHOD_NOT_ALLOWED = ProblemCode(405, "method_not_allowed", "This address is used in another way.")
SEQUENCE_GAP = ProblemCode(409, "sequence_gap", "A command is missing before this one; number {expected} is next.")
SEQUENCE_CONFLICT = ProblemCode(409, "sequence_conflict", "This number was used for another command before.")
EPOCH_CHANGED = ProblemCode(
    409, "epoch_changed", "The service was restored from a backup; this computer fetches everything anew."
)
DEVICE_CLONED = ProblemCode(
    409, "device_cloned", "This computer is a copy of another one. Enrol it anew; its work is kept."
)
SHOP_MOVED = ProblemCode(409, "shop_moved", "The shop has moved to {address}.")
CURSOR_EXPIRED = ProblemCode(410, "cursor_expired", "This computer was away too long and fetches everything anew.")
TOO_LARGE = ProblemCode(413, "too_large", "At most {limit} bytes can be sent here.")
NOT_A_PICTURE = ProblemCode(422, "not_a_picture", "This file is not a JPEG, PNG or WebP picture that can be used.")
UPGRADE_REQUIRED = ProblemCode(426, "upgrade_required", "This program is too old for the service. Update it first.")
TOO_MANY_ATTEMPTS = ProblemCode(429, "too_many_attempts", "Too many attempts. Try again in {seconds} s.")
TOO_OFTEN = ProblemCode(429, "too_often", "Too many requests; try again in {seconds} s.")
INTERNAL_ERROR = ProblemCode(500, "internal_error", "The service has met a fault of its own; it was written down.")
OUTSIDE_UNFIT = ProblemCode(422, "outside_unfit", "The WeChat account cannot be used like this.")
CARRIER_UNFIT = ProblemCode(422, "carrier_unfit", "The carrier's account cannot be used like this.")
CODE_REFUSED = ProblemCode(403, "code_refused", "This enrolment code is unknown, used or too old. Make a new one.")

CODES = (
    *(MALFORMED_JSON, MALFORMED, UNAUTHORISED, DEVICE_REVOKED, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED),
    *(SEQUENCE_GAP, SEQUENCE_CONFLICT, EPOCH_CHANGED, DEVICE_CLONED, SHOP_MOVED, CURSOR_EXPIRED, TOO_LARGE),
    *(
        NOT_A_PICTURE,
        UPGRADE_REQUIRED,
        OUTSIDE_UNFIT,
        CARRIER_UNFIT,
        TOO_MANY_ATTEMPTS,
        TOO_OFTEN,
        INTERNAL_ERROR,
        CODE_REFUSED,
    ),
)


class Problem(Exception):
    """Raised by a route to refuse; ``params`` fill the text and are sent along for programs."""

    def __init__(
        self,
        kind: ProblemCode,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.params = dict(params or {})
        self.headers = dict(headers or {})


def language_of(accept_language: str) -> str:
    """The language of texts: English for who prefers it, else Chinese."""
    return "en" if accept_language.strip().lower().startswith("en") else "zh_CN"


def document(problem: Problem, accept_language: str = "") -> Response:
    kind = problem.kind
    body = {
        "type": "about:blank",
        "title": HTTPStatus(kind.status).phrase,
        "status": kind.status,
        "code": kind.code,
        "detail": render(kind.template, problem.params, language_of(accept_language)),
        "params": codec.plain(problem.params),
    }
    return Response(codec.canonical(body), kind.status, problem.headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """What an error of the program or its libraries means to whoever asked."""
    match error:
        case Problem():
            return error
        case Busy():
            kind = ProblemCode(503, error.code, error.template)
            return Problem(kind, error.params, {"Retry-After": str(error.retry_after_s)})
        case SequenceGap():
            return Problem(SEQUENCE_GAP, {"expected": error.expected})
        case SequenceConflict():
            return Problem(SEQUENCE_CONFLICT)
        case EpochChanged():
            return Problem(EPOCH_CHANGED, {"feed_epoch": error.epoch})
        case CursorExpired():
            return Problem(CURSOR_EXPIRED, {"oldest_seq": error.oldest_seq})
        case KnownError():
            return Problem(ProblemCode(503, error.code, error.template), error.params, {"Retry-After": "5"})
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException():
            return _of_framework(error)
        case _:
            return Problem(INTERNAL_ERROR)


def _of_validation(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return Problem(MALFORMED_JSON)
    return Problem(MALFORMED, {"where": str(first["loc"][-1]), "why": str(first["msg"])})


def _of_framework(error: HTTPException) -> Problem:
    known = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 401: UNAUTHORISED, 403: FORBIDDEN, 400: MALFORMED_JSON}
    kind = known.get(error.status_code) or ProblemCode(error.status_code, "refused", str(error.detail))
    return Problem(kind, headers=error.headers)


async def _gone(request: Request, error: Exception) -> Response:
    """Whoever asked has hung up in the middle of it: nobody hears this, and nothing is wrong here."""
    return Response(status_code=400)


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.kind is INTERNAL_ERROR:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return document(problem, request.headers.get("accept-language", ""))


def answer_with_documents(app: FastAPI) -> None:
    """Make every refusal of ``app`` a problem document."""
    kinds = (Problem, KnownError, SequenceGap, SequenceConflict, RequestValidationError, HTTPException, Exception)
    for kind in kinds:
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(ClientDisconnect, _gone)
