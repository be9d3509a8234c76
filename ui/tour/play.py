"""Plays the tour without a screen: ``python main.py tour --out DIR``."""

import logging
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel import logs
from app.kernel.system_language import system_language

if TYPE_CHECKING:
    from ui.tour.record import Record


def play(main: Path, out: Path) -> int:
    """Answers 0 only when every step held, and what a shell expects when it was stopped; ``tour.json`` tells of each.

    Raises OSError when nothing can be written to ``out``.
    """
    for name, value in (("QT_QPA_PLATFORM", "offscreen"), ("QT_SCALE_FACTOR", "1"), ("QT_FONT_DPI", "96")):
        os.environ.setdefault(name, value)
    from PySide6.QtCore import qInstallMessageHandler

    from ui.tour.record import Record
    from ui.tour.stopping import STOP

    out = out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    record = Record(out, system_language())
    record.sweep()
    folder = Path(tempfile.mkdtemp(prefix="掌柜 tour "))
    logs.set_up(folder / "logs", "tour")
    # What Qt has to say about being without a screen is for the log: the terminal tells the story.
    before = qInstallMessageHandler(lambda kind, context, text: logging.getLogger("qt").info("%s", text))
    try:
        with STOP.heard():
            _tell_story(main, out, folder, record)
    finally:
        qInstallMessageHandler(before)
        record.write()
    if record.holds or STOP.is_wished:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(record.words("The shop's folders of this tour are kept in {folder}", folder=folder))
    if STOP.is_wished and not record.holds:
        print(record.words("The tour was stopped before its end: {file}", file=out / "tour.json"), file=sys.stderr)
        return STOP.exit_code
    said = "The tour held: {file}" if record.holds else "The tour did not hold: {file}"
    print(record.words(said, file=out / "tour.json"))
    return 0 if record.holds else 1


def _tell_story(main: Path, out: Path, folder: Path, record: "Record") -> None:
    from ui.tour.stopping import STOP
    from ui.tour.story import Story

    try:
        Story(main, out, folder, record).play()
    except KeyboardInterrupt:
        record.is_broken = True
    except Exception:  # the tour's end: whatever broke it stands in the record and on the screen
        record.is_broken = True
        if STOP.is_wished:  # what it was in the middle of may have been ended sooner than itself
            return
        traceback.print_exc()
        for log in sorted((folder / "logs").glob("*.log")):
            shutil.copy(log, out)
            record.files.append(log.name)
