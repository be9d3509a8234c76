"""What the list of orders says when it is empty: that the shop has not come yet, that nothing fits, what to do next."""

from app.kernel.i18n import tr
from ui.widgets.awaited import say_awaited
from ui.widgets.empty_state import EmptyState, Step


def say(state: EmptyState, *, is_here: bool, is_filtered: bool) -> None:
    """``is_here``: the shop's orders are on this computer; ``is_filtered``: there may be others."""
    if not is_here:
        say_awaited(state)
    elif is_filtered:
        state.set_texts(tr("No orders fit"), "", (Step("clear", tr("Clear filter"), is_primary=True),))
    else:
        note = tr("They appear here by themselves as soon as someone orders.")
        step = Step(
            "products", tr("Go to products"), tr("Put goods on sale"), tr("Buyers see them at once"), "products"
        )
        state.set_texts(tr("No orders yet"), note, (step,))
