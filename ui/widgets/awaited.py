"""What a page says as long as nothing of the shop is on this computer."""

from app.kernel.i18n import tr
from ui.widgets.empty_state import EmptyState


def say_awaited(state: EmptyState) -> None:
    """How the shop comes, and what to do if it does not: not even that there is nothing is known."""
    note = tr(
        "It comes by itself as soon as the shop's service answers; the box at the bottom left says how far it is. If"
        " nothing happens, check this computer's network and whether the shop's main computer is on. A computer that"
        " has not joined yet needs an enrolment code from the owner."
    )
    state.set_texts(tr("The shop has not come to this computer yet"), note)
