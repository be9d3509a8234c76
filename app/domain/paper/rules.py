"""When a paper is asked for, and of whom; a station prints by itself only what was asked for a short while ago."""

from datetime import datetime

from app.domain.command import Context
from app.domain.outcome import Change, Put
from app.domain.paper.model import FRESH, DocumentKind, PaperState, PrintRequest, PrintStation
from app.domain.view import View


def paper_key(kind: DocumentKind, subject_id: str, revision: int = 1) -> str:
    """The one name of a paper: of a parcel's label, of an order's receipt."""
    return f"{kind}:{subject_id}:{revision}"


def asked(kind: DocumentKind, order_id: str, parcel_id: str, view: View, context: Context) -> list[Change]:
    """A request to the station of this kind; none where no computer prints it by itself."""
    station = view.get(PrintStation, kind)
    key = paper_key(kind, parcel_id or order_id)
    if station is None or not station.device_id or view.get(PrintRequest, key) is not None:
        return []
    request = PrintRequest(
        key, kind, order_id, parcel_id, 1, station.device_id, PaperState.ASKED, requested_at=context.at
    )
    return [Put(request)]


def prints_by_itself(request: PrintRequest, station: PrintStation | None, device_id: str, now: datetime) -> bool:
    """Whether this computer may print a confirmed request without anybody's asking.

    Only the station that it was made for and that still is the station: after a change a person decides.
    """
    is_mine = request.device_id == device_id and station is not None and station.device_id == device_id
    return is_mine and request.state is PaperState.ASKED and now - request.requested_at < FRESH
