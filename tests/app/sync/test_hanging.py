"""A service that takes a request and never answers must not hold up the program's end."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from app.sync.http import Address, HttpTransport
from app.sync.transport import Unreachable
from tests.support.waiting import until


@pytest.fixture
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """An address where every caller is let in and nobody ever hears anything."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        stopping = threading.Event()

        def take() -> None:
            door.settimeout(0.05)
            while not stopping.is_set():
                try:
                    taken.append(door.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", taken
        stopping.set()
        thread.join()
        for line in taken:
            line.close()


def test_hanging_up_ends_a_request_that_nobody_answers_and_lets_no_other_begin(
    silent: tuple[str, list[socket.socket]],
) -> None:
    url, taken = silent
    transport = HttpTransport(lambda: Address(url, "token"))
    met: list[Exception] = []

    def ask() -> None:
        try:
            transport.lease()
        except Unreachable as error:
            met.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: bool(taken), "the request is on its way")
    began = time.monotonic()
    while asking.is_alive() and time.monotonic() - began < 5:
        transport.hang_up()
        asking.join(0.1)
    assert not asking.is_alive() and len(met) == 1
    with pytest.raises(Unreachable):
        transport.lease()
    transport.close()
