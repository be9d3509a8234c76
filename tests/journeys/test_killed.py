"""Desktop and service are killed at random moments: what was done is there afterwards, once."""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from app.kernel.filelock import FileLock
from tests.architecture.tree import ROOT
from tests.journeys.service_books import check_books, check_effects
from tests.support.processes import is_running, kill
from tests.support.waiting import until

KILLS = int(os.environ.get("ZHANGGUI_KILLS", "20"))
"""A soak run sets it to 200."""
SEED = int(os.environ.get("ZHANGGUI_SEED", "20261125"))
ORPHAN_S = 2.0
"""So long may a service that answered outlive its killed desktop: half of them at least, and none longer than BUSY_S,
since a machine that is busy with other tests needs its time to end a process."""
BUSY_S = 10.0
START_S = 60.0


class BusyCounter:
    """One life of the program: its lines are read as they come."""

    def __init__(self, folder: Path, seed: int, *options: str) -> None:
        program = [sys.executable, "-m", "tests.journeys.busy_counter", str(folder), str(seed), *options]
        self.process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.done: list[str] = []
        self.service_pids: list[int] = []
        self.answering: set[int] = set()
        self.is_online = False
        self.settled: dict[str, Any] = {}
        self._reader = threading.Thread(target=self._read, name="busy-counter", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith(b"\n"):
                break
            word, _, rest = line.decode().strip().partition(" ")
            if word == "done":
                self.done.append(rest)
            elif word == "service":
                self.service_pids.append(int(rest))
            elif word == "answers":
                self.answering.add(int(rest))
            elif word == "link":
                self.is_online = rest == "online"
            elif word == "settled":
                self.settled = json.loads(rest)

    def works_on(self, pieces: int) -> None:
        """Waits for as many commands more."""
        wanted = len(self.done) + pieces
        until(lambda: len(self.done) >= wanted or self.process.poll() is not None, "commands are given", START_S)
        assert self.process.poll() is None, "it ended by itself"

    def is_served(self) -> bool:
        return self.is_online and self.service_pids[-1] in self.answering

    def kill_service(self) -> bool:
        """False when it was between two lives."""
        pid = self.service_pids[-1] if self.service_pids else 0
        if not pid or not is_running(pid):
            return False
        kill(pid)
        until(lambda: not is_running(pid), "the service is dead")
        return True

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._end()

    def leaves_no_orphan(self) -> int:
        """After the kill; answers for how many milliseconds a service that answered has outlived its desktop."""
        answering, starting = self.answering, set(self.service_pids) - self.answering
        ms = until(lambda: not any(map(is_running, answering)), "no service outlives its desktop", BUSY_S)
        until(lambda: not any(map(is_running, starting)), "none starts without a desktop", START_S)
        return ms

    def ends(self) -> None:
        assert self.process.wait(START_S * 3) == 0
        self._end()

    def _end(self) -> None:
        self._reader.join()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()


class Rampage:
    """Kills at moments that follow from the seed, and remembers what had been acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chance = random.Random(SEED)
        self.kills: Counter[str] = Counter()
        self.acknowledged: list[str] = []
        self.orphan_ms: list[int] = []
        self.counter = BusyCounter(folder, SEED)

    def run(self) -> None:
        self.counter.works_on(1)
        pause = threading.Event()
        while self.kills.total() < KILLS - 1:
            self.counter.works_on(self.chance.randrange(1, 10))
            pause.wait(self.chance.random() * 0.3)  # the moment of the kill is the point of this test
            if self.chance.random() < 0.7:
                until(self.counter.is_served, "both work together again", START_S)
            if self.chance.random() < 0.5:
                self.kills["service"] += self.counter.kill_service()
            else:
                self._kill_desktop()
        self._kill_desktop()

    def _kill_desktop(self) -> None:
        """The next one is started at once, as somebody would who saw the window vanish."""
        dead = self.counter
        dead.kill()
        self.kills["desktop"] += 1
        self.acknowledged += dead.done
        if self.kills.total() < KILLS:
            self.counter = BusyCounter(self.folder, SEED + self.kills.total())
        self.orphan_ms.append(dead.leaves_no_orphan())

    def close(self) -> None:
        if self.counter.process.poll() is None:
            self.counter.kill()

    def settle(self) -> dict[str, Any]:
        counter = BusyCounter(self.folder, 0, "--settle")
        counter.ends()
        assert counter.settled, "it said nothing"
        return counter.settled


def test_desktop_and_service_are_killed_at_random_moments(tmp_path: Path) -> None:
    folder = tmp_path / "掌柜 killed"
    started = time.perf_counter()
    with closing(Rampage(folder)) as rampage:
        rampage.run()
    settled = rampage.settle()
    acknowledged = rampage.acknowledged
    lost, doubled = check_effects(folder, acknowledged)
    median_ms = statistics.median(rampage.orphan_ms)
    print(
        f"KILLED desktop={rampage.kills['desktop']} service={rampage.kills['service']} "
        f"acknowledged={len(acknowledged)} lost={lost} doubled={doubled} "
        f"orphan_ms={median_ms:.0f}..{max(rampage.orphan_ms)} seconds={time.perf_counter() - started:.0f}"
    )
    assert (lost, doubled) == (0, 0)
    assert median_ms <= ORPHAN_S * 1_000
    assert len(set(acknowledged)) == len(acknowledged) > KILLS
    check_books(folder)
    assert (settled["differing"], settled["shadow"]) == ([], 0)
    assert set(acknowledged) <= set(settled["archived"])
    lock = FileLock(folder / "desktop.lock")
    assert lock.acquire(), "the last program has ended"
    lock.release()
