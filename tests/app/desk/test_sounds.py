"""Sounds are played beside the work, as loud as wanted, and their absence disturbs nobody."""

import array
import dataclasses
import logging
import sys
import threading
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.desk.preferences import PreferenceStore
from app.desk.sounds import Player, Sound, Sounds, made_softer, system_player
from app.kernel import resources
from tests.support import chimes
from tests.support.waiting import until

LONGEST_MS = 400


class Loudspeaker:
    """Remembers what was played and how loud; ``may_end`` holds a sound as long as a test wants it."""

    def __init__(self) -> None:
        self.played: list[tuple[str, int]] = []
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, path: Path) -> None:
        self.played.append((path.stem, loudest(path)))
        self.begun.set()
        assert self.may_end.wait(5)


def samples(path: Path) -> "array.array[int]":
    with wave.open(str(path), "rb") as file:
        found = array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def loudest(path: Path) -> int:
    return max(abs(sample) for sample in samples(path))


def shipped(sound: str) -> Path:
    return resources.path(f"sounds/{sound}.wav")


@pytest.fixture
def preferences(tmp_path: Path) -> Iterator[PreferenceStore]:
    with closing(PreferenceStore(tmp_path / "掌柜 数据")) as store:
        yield store


@pytest.fixture
def speaker() -> Iterator[Loudspeaker]:
    found = Loudspeaker()
    yield found
    found.may_end.set()


def prefer(preferences: PreferenceStore, **wanted: object) -> None:
    preferences.write(dataclasses.replace(preferences.read(), **wanted))  # type: ignore[arg-type]


def play(player: Player | None, preferences: PreferenceStore, folder: Path, *wanted: Sound) -> None:
    with closing(Sounds(player, folder / "声音", preferences)) as sounds:
        for sound in wanted:
            sounds.play(sound)


def test_each_sound_has_its_file(speaker: Loudspeaker, preferences: PreferenceStore, tmp_path: Path) -> None:
    for sound in Sound:
        play(speaker, preferences, tmp_path, sound)
    assert speaker.played == [(sound, loudest(shipped(sound))) for sound in Sound]


def test_the_volume_is_honoured(speaker: Loudspeaker, preferences: PreferenceStore, tmp_path: Path) -> None:
    full = loudest(shipped(Sound.NEW_ORDER))
    for percent in (50, 25, 300):
        prefer(preferences, sound_volume=percent)
        play(speaker, preferences, tmp_path, Sound.NEW_ORDER)
    assert [name for name, _ in speaker.played] == ["new_order"] * 3
    assert [loud for _, loud in speaker.played] == pytest.approx([full / 2, full / 4, full], abs=1)


@pytest.mark.parametrize("wish", [{"sounds_on": False}, {"sound_volume": 0}, {"sound_volume": -5}])
def test_turned_off_is_silent(
    wish: dict[str, object], speaker: Loudspeaker, preferences: PreferenceStore, tmp_path: Path
) -> None:
    prefer(preferences, **wish)
    play(speaker, preferences, tmp_path, Sound.NEW_ORDER)
    assert speaker.played == []


def test_nobody_waits_for_a_sound_and_sounds_do_not_pile_up(
    speaker: Loudspeaker, preferences: PreferenceStore, tmp_path: Path
) -> None:
    speaker.may_end.clear()
    with closing(Sounds(speaker, tmp_path, preferences)) as sounds:
        sounds.play(Sound.NEW_ORDER)
        assert speaker.begun.wait(5)
        for _ in range(20):  # would hang here if it waited
            sounds.play(Sound.ISSUE)
        assert len(speaker.played) == 1
        speaker.may_end.set()
        until(lambda: len(speaker.played) == 2, "the one that waited is played", 5)
    assert [name for name, _ in speaker.played] == ["new_order", "issue"]


def test_a_verdict_at_the_counter_goes_before_what_waits(
    speaker: Loudspeaker, preferences: PreferenceStore, tmp_path: Path
) -> None:
    speaker.may_end.clear()
    with closing(Sounds(speaker, tmp_path, preferences)) as sounds:
        sounds.play(Sound.NEW_ORDER)
        assert speaker.begun.wait(5)
        sounds.play(Sound.ISSUE)
        sounds.play(Sound.PICKUP_REFUSED)
        speaker.may_end.set()
        until(lambda: len(speaker.played) == 2, "the one that waited is played", 5)
    assert [name for name, _ in speaker.played] == ["new_order", "pickup_refused"]


def test_a_computer_without_a_player_says_so_once(
    preferences: PreferenceStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "desk")
    play(None, preferences, tmp_path, Sound.NEW_ORDER, Sound.ISSUE, Sound.NEW_ORDER)
    assert [record.getMessage() for record in caplog.records] == ["no sounds: this computer has no player"]


def test_a_player_that_fails_says_so_once_and_is_tried_again(
    preferences: PreferenceStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "desk")
    tried: list[str] = []

    def broken(path: Path) -> None:
        tried.append(path.stem)
        raise OSError("no loudspeaker is plugged in")

    with closing(Sounds(broken, tmp_path, preferences)) as sounds:
        for count in (1, 2):
            sounds.play(Sound.NEW_ORDER)
            until(lambda count=count: len(tried) == count, "it was tried", 5)  # type: ignore[misc]
    assert [record.getMessage() for record in caplog.records] == ["no sounds: no loudspeaker is plugged in"]


def test_the_systems_own_player_really_gets_the_file(tmp_path: Path) -> None:
    """A small program stands in for the player, found as the real one would be."""
    if sys.platform == "win32":
        assert system_player() is not None
        return
    heard = tmp_path / "heard"
    program = tmp_path / "pw-play"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{heard}"\n', encoding="utf-8")
    program.chmod(0o755)
    player = system_player(lambda name: str(program) if name == "pw-play" else None)
    assert player is not None
    player(tmp_path / "新 订单.wav")
    assert heard.read_text(encoding="utf-8") == str(tmp_path / "新 订单.wav")


def test_a_player_that_ends_badly_or_is_gone_is_a_fault_of_the_environment(tmp_path: Path) -> None:
    if sys.platform == "win32":
        return
    program = tmp_path / "aplay"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    player = system_player(lambda name: str(program) if name == "aplay" else None)
    assert player is not None
    with pytest.raises(OSError, match="aplay"):
        player(shipped("issue"))
    program.unlink()
    with pytest.raises(OSError, match="aplay"):
        player(shipped("issue"))


def test_no_player_anywhere() -> None:
    assert sys.platform == "win32" or system_player(lambda name: None) is None


@pytest.mark.parametrize("sound", list(Sound))
def test_every_sound_is_short_soft_and_of_the_form_that_all_players_know(sound: Sound) -> None:
    with wave.open(str(shipped(sound)), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getnframes() * 1000 / file.getframerate() <= LONGEST_MS
    assert 3_000 < loudest(shipped(sound)) < 20_000
    assert abs(samples(shipped(sound))[-1]) < 200  # no click at the end


@pytest.mark.parametrize("sound", list(Sound))
def test_the_files_are_what_the_script_makes(sound: Sound) -> None:
    made = chimes.samples(chimes.SOUNDS[sound])
    there = samples(shipped(sound))
    # The last digit of a sine may differ from one mathematics library to the next.
    assert len(made) == len(there)
    assert max(abs(a - b) for a, b in zip(made, there, strict=True)) <= 1


def test_a_softer_file_is_the_same_sound(tmp_path: Path) -> None:
    softer = tmp_path / "softer.wav"
    softer.write_bytes(made_softer(shipped("issue"), 10))
    assert len(samples(softer)) == len(samples(shipped("issue")))
    assert [s * 10 // 100 for s in samples(shipped("issue"))] == list(samples(softer))
