"""A counter at work, to be killed: gives one stock command after the other and prints each id once it is durable.

    python -m tests.journeys.busy_counter FOLDER SEED            works until it is killed
    python -m tests.journeys.busy_counter FOLDER SEED --settle   only brings everything up to the service, and says so

Lines: ``service PID`` when the service is started as another process and ``answers PID`` when it is there,
``link STATE`` as the badge would show it, ``done ID`` for each command, ``settled JSON``.
"""

import json
import os
import random
import sys
import threading
from contextlib import closing
from pathlib import Path

from app.desk.runner import Done
from app.domain.command import Command
from app.domain.stock.commands import AdjustStock, ReceiveStock
from app.domain.stock.model import MovementReason
from app.kernel import logs
from tests.journeys.counters import Counter, first_plan, local_rows
from tests.support.waiting import until

MOST_WAITING = 300
"""Nobody gives so much in the few seconds that a service is away, and showing it again takes its time."""
_say_lock = threading.Lock()


def say(*words: str) -> None:
    """One whole line at once: a kill must not leave half of one."""
    with _say_lock:
        os.write(1, (" ".join(words) + "\n").encode())


def watch(counter: Counter, stop: threading.Event) -> None:
    told, told_url, told_link = 0, "", ""
    while not stop.wait(0.005):
        pid, url = counter.desktop.service_pid, counter.desktop.service_url
        if pid != told:
            say("service", str(pid))
            told = pid
        elif url != told_url:
            say("answers", str(pid))
            told_url = url
        link = counter.desktop.status.link
        if link != told_link:
            say("link", link)
            told_link = link


def end_with_the_test() -> None:
    """The end of input tells that the test is over, however it ended."""
    while os.read(0, 4096):  # without the buffer, whose lock a waiting thread would hold at the end
        pass
    os._exit(1)


def random_command(chance: random.Random, places: list[tuple[str, str]]) -> Command:
    sku_id, location_id = chance.choice(places)
    if chance.random() < 0.5:
        return ReceiveStock(sku_id, location_id, chance.randrange(1, 9))
    return AdjustStock(sku_id, location_id, chance.choice((-2, -1, 1, 2)), MovementReason.FOUND)


def work(counter: Counter, chance: random.Random) -> None:
    """Gives commands for ever; a refusal leaves nothing and is not printed."""
    until(lambda: counter.desktop.desk.on_duty is not None, "somebody is on duty", 60)
    places = [(s.sku.id, s.levels[0].location_id) for s in counter.product("云南小粒咖啡豆").skus]
    pause = threading.Event()
    while True:
        outcome = counter.desktop.desk.perform(random_command(chance, places)).result()
        if isinstance(outcome, Done):
            say("done", outcome.command_id)
        pause.wait(chance.random() * 0.1)
        if counter.waiting() >= MOST_WAITING:
            until(lambda: counter.waiting() < MOST_WAITING, "the service takes some of it", 120)


def settle(counter: Counter) -> None:
    counter.comes_online()
    until(lambda: counter.waiting() == 0, "everything is acknowledged", 120)
    facts = {
        "differing": counter.differing(),
        "shadow": local_rows(counter, "SELECT count(*) FROM shadow")[0][0],
        "archived": [row[0] for row in local_rows(counter, "SELECT command_id FROM outbox_archive")],
    }
    say("settled", json.dumps(facts))


def main(folder: Path, seed: int, *, is_settling: bool) -> None:
    logs.set_up(folder / "logs", "counter")
    stop = threading.Event()
    with closing(Counter(first_plan(folder))) as counter:
        threading.Thread(target=end_with_the_test, daemon=True).start()
        threading.Thread(target=watch, args=(counter, stop), daemon=True).start()
        try:
            settle(counter) if is_settling else work(counter, random.Random(seed))
        finally:
            stop.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), is_settling="--settle" in sys.argv)
