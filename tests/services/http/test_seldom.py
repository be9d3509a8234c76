"""A log that strangers can write into holds few of their lines, and says how many there were."""

import logging

from services.http.connection import MOST_LINES, WINDOW_S, Seldom


def test_what_was_left_out_of_the_log_is_counted_in_it() -> None:
    now = 0.0
    seldom = Seldom(lambda: now)

    def told(sentence: str) -> str:
        record = logging.LogRecord("http", logging.WARNING, "", 0, sentence, (), None)
        return record.getMessage() if seldom.filter(record) else ""

    lines = [told("garbage") for _ in range(MOST_LINES + 7)]
    assert [lines.count("garbage"), lines.count("")] == [MOST_LINES, 7]
    assert told("something else") == "something else"
    now = WINDOW_S
    assert told("garbage") == "garbage (7 more of these were not written down)"
    assert told("garbage") == "garbage"
    now = 2 * WINDOW_S
    assert told("garbage") == "garbage"
