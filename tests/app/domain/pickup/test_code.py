"""Pickup codes: 38 signs that say which order and until when, and that nobody without the key can make."""

import random
import string
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.pickup import code
from app.domain.pickup.code import PickupKeys

UNTIL = datetime(2026, 12, 1, 13, 30, 5, tzinfo=UTC)
REF = "0123456789abcdef"
KEYS = PickupKeys("shop", "1", {"1": "5a" * 32})
TEXT = code.mint(KEYS, REF, UNTIL)
ALPHABET = string.ascii_uppercase + "234567"


def test_a_code_is_read_as_it_was_made() -> None:
    assert len(TEXT) == code.SIGNS and TEXT.startswith("P1")
    assert set(TEXT) <= set(string.ascii_uppercase + string.digits)
    assert code.read(KEYS, TEXT) == code.ReadCode(REF, UNTIL)


@pytest.mark.parametrize("bent", [TEXT.lower(), f" {TEXT}\n", f"{TEXT[:5]} {TEXT[5:]}", TEXT.translate({80: "Ｐ"})])
def test_scanners_and_input_methods_may_bend_it(bent: str) -> None:
    assert code.looks_like_code(bent)
    assert code.read(KEYS, bent) == code.ReadCode(REF, UNTIL)


def test_ten_thousand_altered_codes_are_none() -> None:
    dice, accepted = random.Random(4711), 0
    for number in range(10_000):
        signs = list(TEXT)
        for _ in range(1 + number % 3):
            place = dice.randrange(2, code.SIGNS)
            signs[place] = dice.choice(ALPHABET)
        altered = "".join(signs)
        accepted += altered != TEXT and code.read(KEYS, altered) is not None
    every_last_sign = sum(code.read(KEYS, TEXT[:-1] + sign) is not None for sign in ALPHABET if sign != TEXT[-1])
    print(f"pickup codes: 10,000 altered, accepted {accepted}")
    assert (accepted, every_last_sign) == (0, 0)


@pytest.mark.parametrize("other", [PickupKeys("shop", "1", {"1": "5b" * 32}), PickupKeys("else", "1", KEYS.keys)])
def test_another_key_and_another_shop_make_codes_that_are_none_here(other: PickupKeys) -> None:
    assert code.read(KEYS, code.mint(other, REF, UNTIL)) is None


@pytest.mark.parametrize(
    "text", ["", "P1", "12345678", TEXT[:-1], TEXT + "A", "P0" + TEXT[2:], "P2" + TEXT[2:], "Ä" * 38]
)
def test_what_has_not_the_shape_of_a_code_is_none(text: str) -> None:
    assert code.read(KEYS, text) is None


def test_old_codes_are_read_after_the_key_has_changed() -> None:
    changed = PickupKeys("shop", "2", {**KEYS.keys, "2": "77" * 32})
    fresh = code.mint(changed, REF, UNTIL)
    assert fresh.startswith("P2")
    assert code.read(changed, TEXT) == code.read(changed, fresh) == code.ReadCode(REF, UNTIL)
    assert code.read(KEYS, fresh) is None
    assert code.mark_of(changed) != code.mark_of(KEYS)


def test_the_expiry_is_told_to_the_second() -> None:
    later = UNTIL + timedelta(seconds=1)
    assert code.mint(KEYS, REF, later) != TEXT


@pytest.mark.parametrize(
    ("said", "digits"), [("4821 3677", "48213677"), ("4821-3677", "48213677"), ("４８２１３６７７", "48213677")]
)
def test_eight_digits_are_what_a_buyer_reads_out(said: str, digits: str) -> None:
    assert code.human_code(said) == digits


@pytest.mark.parametrize("said", ["", "4821367", "482136777", "4821367A"])
def test_other_digits_are_no_code(said: str) -> None:
    assert code.human_code(said) == ""
