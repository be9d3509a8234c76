"""Plays the tour without a screen: ``python main.py tour --out DIR``."""

import logging
import os
import shutil
import tempfile
import traceback
from pathlib import Path

from app.kernel import logs
from app.kernel.system_language import system_language


def play(main: Path, out: Path) -> int:
    """Answers 0 only when every step held; ``tour.json`` tells of each."""
    for name, value in (("QT_QPA_PLATFORM", "offscreen"), ("QT_SCALE_FACTOR", "1"), ("QT_FONT_DPI", "96")):
        os.environ.setdefault(name, value)
    from PySide6.QtCore import qInstallMessageHandler

    from ui.tour.record import Record
    from ui.tour.story import Story

    out = out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    record = Record(out, system_language())
    record.sweep()
    folder = Path(tempfile.mkdtemp(prefix="掌柜 tour "))
    logs.set_up(folder / "logs", "tour")
    # What Qt has to say about being without a screen is for the log: the terminal tells the story.
    before = qInstallMessageHandler(lambda kind, context, text: logging.getLogger("qt").info("%s", text))
    try:
        Story(main, out, folder, record).play()
    except Exception:  # the tour's end: whatever broke it stands in the record and on the screen
        record.is_broken = True
        traceback.print_exc()
        for log in sorted((folder / "logs").glob("*.log")):
            shutil.copy(log, out)
            record.files.append(log.name)
    finally:
        qInstallMessageHandler(before)
        record.write()
    holds = record.holds
    if holds:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(record.words("The shop's folders of this tour are kept in {folder}", folder=folder))
    print(record.words("The tour held: {file}" if holds else "The tour did not hold: {file}", file=out / "tour.json"))
    return 0 if holds else 1
