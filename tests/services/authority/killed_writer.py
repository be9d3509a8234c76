"""A service that books deliveries until it is killed; it prints each id once its commit has returned."""

import sys
from concurrent.futures import Future

from app.domain.registry import shop_registry
from app.domain.stock.commands import ReceiveStock
from app.kernel.clock import SystemClock
from services.authority.executor import Executor
from services.authority.submission import Answer
from services.db.engine import Store
from tests.support.shop import CLERK, PLACE, intent


def main(url: str, first: int) -> None:
    executor = Executor(Store(url), shop_registry(), SystemClock())
    executor.start()
    for start in range(first, first + 4_000, 8):  # far more than it will live for
        sent = [intent(ReceiveStock("p1-s", PLACE, n), CLERK, SystemClock().now()) for n in range(start, start + 8)]
        futures: list[Future[Answer]] = [executor.submit(one) for one in sent]
        for one, future in zip(sent, futures, strict=True):
            assert future.result(30).is_applied
            sys.stdout.write(f"{one.command_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
