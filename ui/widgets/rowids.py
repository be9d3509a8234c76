"""Lists of a million row numbers, looked through as a whole and not number by number."""

from array import array


def place_of(rowids: "array[int]", rowid: int) -> int | None:
    """Where a number stands; a million of them are looked through as bytes, not one by one."""
    held, wanted = rowids.tobytes(), array("q", (rowid,)).tobytes()
    place = held.find(wanted)
    while place % rowids.itemsize and place >= 0:  # the end of one number and the beginning of the next
        place = held.find(wanted, place + 1)
    return None if place < 0 else place // rowids.itemsize


def common_head(old: "array[int]", new: "array[int]") -> int:
    """How many rows at the start are the same; halving lets slices be compared outside Python's loop."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_tail(old: "array[int]", new: "array[int]", head: int) -> int:
    """How many rows at the end are the same, without those counted in the head."""
    low, high = 0, min(len(old), len(new)) - head
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low
