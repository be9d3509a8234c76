"""Work in a process of its own, because of the memory that it takes and that a program does not give back."""

import os
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.kernel.errors import KnownError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Progress = Callable[[str, int, int], None]
"""What is being made, how many of them are there, and how many it will be."""
QUIET_S = 60.0


def run_apart(
    work: Callable[..., None],
    given: tuple[Any, ...],
    tell: Progress,
    remind: Callable[[int], None] = lambda _: None,
    quiet_s: float = QUIET_S,
) -> None:
    """Run ``work(*given, tell)``, a function of a module, and wait for its end; raises KnownError as it does.

    A fault of its own becomes a RuntimeError with its trace. There is no limit: what changes a million orders takes
    minutes, and nobody can tell it from what hangs. Whenever it was quiet for so long ``remind`` is called, with how
    often that was since its last word. Who ends this process ends the work, and its transaction is undone.
    """
    import multiprocessing  # most starts have no use for it

    context = multiprocessing.get_context("spawn")  # what forks keeps threads' locks, and Windows has no other way
    hears, says = context.Pipe(duplex=False)
    worker = context.Process(target=_run, args=(work, given, says), name="apart", daemon=True)
    worker.start()
    says.close()
    try:
        _listen(hears, tell, remind, quiet_s)
    finally:
        hears.close()  # who goes on telling ends with a broken pipe
        worker.join()


def _listen(hears: "Connection", tell: Progress, remind: Callable[[int], None], quiet_s: float) -> None:
    while True:
        times = 0
        while not hears.poll(quiet_s):
            times += 1
            remind(times)
        try:
            kind, content = hears.recv()
        except EOFError:
            raise RuntimeError("the process died without a word") from None
        match kind:
            case "progress":
                tell(*content)
            case "known":
                raise KnownError(*content)
            case "fault":
                raise RuntimeError(content)
            case _:
                return


def _end_with_parent() -> None:
    """Whoever waited held the lock on what is worked on here: nothing is written in it without them."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(work: Callable[..., None], given: tuple[Any, ...], says: "Connection") -> None:
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()

    def tell(*done: Any) -> None:
        says.send(("progress", done))

    try:
        work(*given, tell)
    except KnownError as error:
        says.send(("known", (error.code, error.template, error.params)))
    except Exception:  # the process's entry: what nobody foresaw is told to who waits, and logged there
        says.send(("fault", traceback.format_exc()))
    else:
        says.send(("done", None))
