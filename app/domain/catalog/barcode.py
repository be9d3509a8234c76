"""Article barcodes: EAN-8, UPC-A and EAN-13 carry a check digit, a shop's own codes carry none."""

_CHECKED_LENGTHS = (8, 12, 13)


def is_valid_barcode(text: str) -> bool:
    """Whether a scanner could have read this: an EAN or UPC with its check digit, or an own code of Code 128."""
    if not text or len(text) > 48 or not all(" " < sign < "\x7f" for sign in text):
        return False
    if not text.isdigit() or len(text) not in _CHECKED_LENGTHS:
        return True
    return check_digit(text[:-1]) == int(text[-1])


def check_digit(digits: str) -> int:
    """The GS1 check digit: weights 3 and 1 from the right."""
    weighted = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return -weighted % 10
