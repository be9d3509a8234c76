"""The address at which the service answers: taken before anything else is done, and told to who started it."""

import errno
import ipaddress
import os
import platform
import socket

from app.kernel.errors import KnownError

_TAKEN = {errno.EADDRINUSE, 10048}  # the last one is Windows' name for the same
_ANYWHERE = ("192.0.2.1", 9)
"""An address that is nobody's, for documents: nothing is sent there, the system only says which way it would go."""
_NOT_OURS = {errno.EACCES, errno.EPERM, 10013}


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises KnownError when the port is taken or forbidden, or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # there SO_REUSEADDR would let a second program take the port away
            door.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(128)
    except (OSError, OverflowError) as error:
        door.close()
        raise _explained(host, port, error) from error
    door.set_inheritable(False)
    return door


def listen_anyhow(host: str, port: int) -> socket.socket:
    """The wanted port, or a free one on this computer when a stranger or the system holds it."""
    try:
        return listen(host, port)
    except KnownError as error:
        if error.code not in ("port.in_use", "port.no_right"):
            raise
        return listen("127.0.0.1", 0)


def outside(host: str) -> str:
    """What other computers call this one when a service listens at ``host``; "" when they cannot reach it.

    One with several addresses is called by that from which it reaches the network itself, and without one by its name.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "" if host == "localhost" else host
    if address.is_loopback:
        return ""
    return _own_address() if address.is_unspecified else host


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(_ANYWHERE)
            own = str(line.getsockname()[0])
        except OSError:
            return platform.node()
    return platform.node() if ipaddress.ip_address(own).is_loopback else own


def _explained(host: str, port: int, error: OSError | OverflowError) -> KnownError:
    number = error.errno if isinstance(error, OSError) else None
    if number in _NOT_OURS and not _means_taken():
        return KnownError(
            "port.no_right",
            "This user has no right to answer at port {port}. Choose one from 1024 on with --port.",
            {"port": port},
        )
    if number in _TAKEN | _NOT_OURS:
        return KnownError(
            "port.in_use",
            "Port {port} is used by another program on this computer."
            " Close that one or choose another port with --port.",
            {"port": port},
        )
    template = "The address {host} does not belong to this computer."
    return KnownError("address.unusable", template, {"host": f"{host}:{port}"})


def _means_taken() -> bool:
    """Windows refuses so what another program has taken for itself alone; there are no ports with rights there."""
    return os.name == "nt"
