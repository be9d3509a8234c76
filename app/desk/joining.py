"""How this desktop becomes one of the shop's, and who it is to the service from then on."""

import logging
from collections.abc import Callable
from typing import Protocol

from app.desk.identity import IdentityStore, new_key
from app.kernel.errors import KnownError
from app.sync.identity import Identity
from app.sync.transport import Refused, Unreachable
from app.wire.messages import EnrolReply, EnrolRequest, HelloReply

log = logging.getLogger("desk")


class EnrolmentDoor(Protocol):
    """Where a code makes a device; raises Unreachable and Refused."""

    def enrol(self, request: EnrolRequest) -> EnrolReply: ...


class Joining:
    """``code`` answers an enrolment code, or "" where there is none; it may raise Unreachable."""

    def __init__(
        self, identities: IdentityStore, door: EnrolmentDoor, device_name: str, code: Callable[[], str]
    ) -> None:
        self._identities = identities
        self._door = door
        self._device_name = device_name
        self._code = code
        self._spent: set[str] = set()

    def join(self) -> bool:
        """Become a device unless we are one; False when the service could not be reached.

        Raises KnownError when the code is no good.
        """
        return self._identities.enrolment() is not None or self._enrol()

    def join_anew(self) -> bool:
        """The service takes us for a copy of another computer: become a device of our own, with a code not yet used."""
        try:
            return self._enrol()
        except KnownError as error:
            log.info("this copy cannot join anew: %s", error)
            return False

    def identity(self) -> Identity:
        return self._identities.identity()

    def greeted(self, identity: Identity, reply: HelloReply) -> None:
        self._identities.greeted(identity, reply.keys)

    def _enrol(self) -> bool:
        install_key = new_key()
        try:
            code = self._code()
            if code in self._spent:  # asking again would only count as guessing
                raise _refused("spent")
            reply = self._door.enrol(EnrolRequest(code, self._device_name, install_key))
        except Unreachable as error:
            log.info("cannot enrol yet: %s", error.why)
            return False
        except Refused as refused:
            self._spent.add(code)
            raise _refused(refused.code) from refused
        self._spent.add(code)
        self._identities.enrolled(reply, install_key)
        return True


def _refused(code: str) -> KnownError:
    return KnownError("enrol.refused", "The enrolment code was not accepted. Ask for a new one.", {"code": code})
