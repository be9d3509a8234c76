"""Orders that no carrier takes, on the orders page: prepared and collected, or brought by the shop's own courier."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desk.refunds import RefundOffer, refund_offer
from app.domain.command import Command
from app.domain.delivery.commands import DispatchDelivery, RecordDelivered, RecordUndelivered, SaveDeliveryArea
from app.domain.money import Fen
from app.domain.orders.commands import Contact, PlaceOrder, WantedLine
from app.domain.orders.model import DeliveryKind
from app.domain.pickup.commands import MarkReady
from tests.support.counter import Counter
from tests.support.pickup_counter import HOURS
from tests.support.shop import BUYER, OWNER
from tests.ui.pages.orders.scene import Scene, settle
from tests.ui.support.surface import clipped, unnamed
from ui.pages.orders import delivery_bar as bar
from ui.pages.orders.delivery_dialogs import AskDialog
from ui.widgets.chip import Chip

TO_COLLECT, TO_BRING = "to-collect", "to-bring"
OUT, ARRIVED, BACK = DispatchDelivery(TO_BRING, "owner"), RecordDelivered(TO_BRING), RecordUndelivered(TO_BRING)
STAGES: dict[str, tuple[str, tuple[Command, ...]]] = {
    "ready": (TO_COLLECT, (MarkReady(TO_COLLECT, "A-12"),)),
    "out": (TO_BRING, (OUT,)),
    "back": (TO_BRING, (OUT, BACK)),
    "delivered": (TO_BRING, (OUT, ARRIVED)),
}


@pytest.fixture
def both_ways(tmp_path: Path) -> Iterator[Counter]:
    """One paid order to be collected and one to be brought."""
    counter = Counter(tmp_path, ())
    shop = counter.shop
    shop.pickup_order(TO_COLLECT, "bean-s")
    shop.paid_order_now(TO_COLLECT, 6800)
    shop.must(SaveDeliveryArea("west", "城西", ("3301",), Fen(0), HOURS), OWNER)
    contact = Contact("林晓雨", "13612348888", "330106", "文三路 1 号")
    lines = (WantedLine(f"{TO_BRING}-1", "milk-s", 1),)
    shop.must(PlaceOrder(TO_BRING, ("WX1",), lines, DeliveryKind.LOCAL, contact, Fen(11400)), BUYER)
    shop.paid_order_now(TO_BRING, 11400)
    counter.pull()
    yield counter
    counter.close()


@pytest.fixture
def scene(both_ways: Counter, qtbot: QtBot) -> Iterator[Scene]:
    found = Scene(both_ways, (1366, 768))
    yield found
    found.close()


def offered(scene: Scene) -> list[str]:
    return [act for act, button in scene.page.detail.delivery_bar.buttons.items() if button.isVisible()]


def do(scene: Scene, act: str, fill: Callable[[AskDialog], None] | None = None) -> None:
    """Press a button of the open order, and the dialog's own."""
    scene.page.detail.delivery_bar.buttons[act].click()
    dialog = scene.page.dialog
    if fill is not None:
        assert isinstance(dialog, AskDialog)
        assert unnamed(dialog) == [] and clipped(dialog) == []
        fill(dialog)
        dialog.confirm_button.click()
    settle(None)


def can_refund(scene: Scene, order_id: str) -> bool:
    """Whether a manager is offered to give its money back, with something to choose."""
    offers: list[object] = []
    scene.counter.runner.query(refund_offer(order_id), offers.append)
    return scene.page.presenter.actions().refund and offers[-1] is not None


def test_an_order_to_collect_is_prepared_and_handed_on_to_the_pickup_counter(scene: Scene) -> None:
    scene.page.presenter.open_order(TO_COLLECT)
    assert offered(scene) == [bar.READY, bar.REDEEM] and not scene.page.detail.ship_button.isVisible()
    assert can_refund(scene, TO_COLLECT)
    shown = [w.text() for w in scene.page.detail.findChildren(Chip)]
    assert "待取货" in shown and "待发货" not in shown, "as the list says"
    do(scene, bar.READY, lambda dialog: dialog.field.setText("A-12"))  # type: ignore[union-attr]
    detail = scene.page.presenter.detail
    assert detail is not None and detail.pickup is not None
    assert (detail.pickup.state, detail.pickup.shelf, detail.is_syncing) == ("ready", "A-12", True)
    assert offered(scene) == [bar.REDEEM] and can_refund(scene, TO_COLLECT)
    do(scene, bar.REDEEM)
    assert scene.gone == [("pickup", TO_COLLECT)]


def test_an_order_to_bring_leaves_comes_back_leaves_again_and_arrives(scene: Scene) -> None:
    page = scene.page
    page.presenter.open_order(TO_BRING)
    assert offered(scene) == [bar.DISPATCH]
    assert can_refund(scene, TO_BRING)
    do(scene, bar.DISPATCH, lambda dialog: None)
    assert offered(scene) == [bar.DELIVERED, bar.BACK] and can_refund(scene, TO_BRING)
    do(scene, bar.BACK, lambda dialog: dialog.field.setText("家里没人"))  # type: ignore[union-attr]
    detail = page.presenter.detail
    assert detail is not None and detail.delivery is not None and detail.order.state == "paid"
    assert detail.delivery.reason == "家里没人" and can_refund(scene, TO_BRING)
    do(scene, bar.DISPATCH, lambda dialog: None)
    do(scene, bar.DELIVERED)
    assert scene.said[-1] == "已送达，订单完成。"
    assert offered(scene) == [] and page.presenter.detail.order.state == "completed"  # type: ignore[union-attr]
    assert can_refund(scene, TO_BRING)


@pytest.mark.parametrize("steps", STAGES.values(), ids=STAGES)
def test_their_money_goes_back_at_every_stage(both_ways: Counter, steps: tuple[str, tuple[Command, ...]]) -> None:
    """What the page offers is what the service does."""
    order_id, commands = steps
    for command in commands:
        both_ways.shop.must(command, OWNER)
    both_ways.pull()
    offers: list[RefundOffer | None] = []
    both_ways.runner.query(refund_offer(order_id), offers.append)
    offer = offers[-1]
    assert offer is not None
    told = offer.sum_of(offer.all_pieces(), with_freight=True)
    both_ways.shop.must(offer.command("refund", "不要了", offer.all_pieces(), told), OWNER)
    assert both_ways.shop.rows("refunds", "order_id, amount_fen") == [(order_id, told.total_fen)]
    assert told.total_fen in (6800, 11400)
