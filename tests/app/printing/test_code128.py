"""Code 128 in the fewest symbols."""

import pytest

from app.printing import code128


@pytest.mark.parametrize(
    ("number", "modules"),
    [("SF1688124306257", 145), ("73123456789012", 112), ("431234567890123", 134), ("1012345678901", 123)],
)
def test_carrier_numbers_are_as_narrow_as_the_sets_allow(number: str, modules: int) -> None:
    assert sum(code128.widths(number)) == modules


def test_two_digits_between_letters_stay_in_their_set() -> None:
    assert len(code128.symbols("A12B")) == len("A12B") + 3


def test_four_digits_at_the_end_are_worth_a_change_of_set() -> None:
    assert len(code128.symbols("AB123456")) == 1 + 2 + 1 + 3 + 2


@pytest.mark.parametrize("data", ["", "顺丰1", "A\n"])
def test_signs_without_a_symbol_are_refused(data: str) -> None:
    assert not code128.can_hold(data)
    with pytest.raises(ValueError, match="printable ASCII"):
        code128.symbols(data)
