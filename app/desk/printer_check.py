"""The desktop's half of ``doctor``: whether this computer's papers can come out where they shall."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from app.desk.identity import FILE as DEVICE
from app.desk.printers import PrinterSetup, PrinterStore, Way
from app.kernel.i18n import tr
from app.printing.printers.network import PORT, NetworkPrinter
from app.printing.printers.printer import PrinterState

Queues = Callable[[], Collection[str]]
"""The names of the operating system's printers: Qt's business, so it is handed in, and asked only when one is used."""


@dataclass(frozen=True, slots=True)
class PrinterFinding:
    """What was found, in the language of now; ``advice`` is empty where nothing is to be done."""

    text: str
    advice: str = ""


def check_printers(folder: Path, queues: Queues) -> list[PrinterFinding]:
    """One finding for each printer of the desktop in this folder; one that does not answer takes three seconds."""
    if not (folder / DEVICE).exists():
        return []
    printers = PrinterStore(folder).all()
    return [_finding(setup, queues) for setup in printers if setup.kinds]


def tell_printers(folder: Path, queues: Queues) -> bool:
    """Print each finding with what to do, as ``doctor`` does; answers whether all is well."""
    found = check_printers(folder, queues)
    for finding in found:
        print(f"{'✗' if finding.advice else '✓'} {finding.text}")
        if finding.advice:
            print(f"    → {finding.advice}")
    return not any(finding.advice for finding in found)


def _finding(setup: PrinterSetup, queues: Queues) -> PrinterFinding:
    if setup.way is Way.FOLDER:
        return _folder(Path(setup.address))
    if setup.way is Way.QUEUE:
        is_there = setup.address in queues()
    else:
        host, port = setup.host_port() or ("", PORT)
        is_there = NetworkPrinter(host, port).state() is not PrinterState.OFFLINE
    if is_there:
        return PrinterFinding(tr("The printer {name} is there.", name=setup.name))
    return PrinterFinding(
        tr("The printer {name} is not reached at {address}.", name=setup.name, address=setup.address),
        tr("Switch it on and look at its cable; the print centre holds its address."),
    )


def _folder(folder: Path) -> PrinterFinding:
    """It is made when the first paper is kept in it, so what exists above it counts."""
    standing = next(each for each in (folder, *folder.parents) if each.exists())
    if standing.is_dir() and os.access(standing, os.W_OK | os.X_OK):
        return PrinterFinding(tr("Papers without a printer are kept in {folder}.", folder=folder))
    text = tr("No paper can be kept in {folder}.", folder=folder)
    return PrinterFinding(text, tr("Choose another folder in the print centre."))
