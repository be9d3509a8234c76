"""Shipping by the rules of the shop, from the dialog's point of view and without a window."""

from dataclasses import dataclass, field

from app.desk.queries import OrderDetail, order_detail
from app.domain.orders.commands import ShipOrder
from app.kernel.errors import KnownError
from tests.support.counter import Counter
from ui.pages.orders.shipping import ShipPresenter

NUMBER = "SF1688124306257"


@dataclass
class Asked:
    """The dialog as data."""

    number_problem: str = ""
    refusal: str = ""
    parcels: list[str] = field(default_factory=list)

    def show_number_problem(self, text: str) -> None:
        self.number_problem = text

    def show_refusal(self, text: str) -> None:
        self.refusal = text

    def finish(self, parcel_id: str) -> None:
        self.parcels.append(parcel_id)


def detail_of(counter: Counter, order_id: str = "o3") -> OrderDetail:
    found: list[OrderDetail | None] = []
    counter.runner.query(order_detail(order_id), found.append)
    assert found[0] is not None
    return found[0]


def dialog(counter: Counter, order_id: str = "o3") -> tuple[ShipPresenter, Asked]:
    asked = Asked()
    return ShipPresenter(counter.runner, asked, detail_of(counter, order_id), counter.ids), asked


def test_whole_order_leaves_unplugged_and_is_confirmed_later(counter: Counter) -> None:
    counter.unplug()
    presenter, asked = dialog(counter)
    presenter.ship("sf", " sf1688 1243 06257 ", {"o3-1": 3, "o3-2": 2})
    detail = detail_of(counter)
    assert asked == Asked(parcels=[detail.parcels[0].id])
    assert (detail.order.state, detail.parcels[0].waybill_no) == ("shipped", NUMBER)
    assert detail.is_syncing and detail.syncing_parcels == {detail.parcels[0].id}
    assert detail.events[-1].kind == "shipped" and detail.staff_names[detail.events[-1].actor] == "李敏"
    counter.plug_in()
    counter.push()
    detail = detail_of(counter)
    assert detail.order.state == "shipped" and not detail.is_syncing and not detail.syncing_parcels


def test_part_leaves_and_the_next_parcel_offers_the_rest(counter: Counter) -> None:
    presenter, _ = dialog(counter)
    presenter.ship("sf", NUMBER, {"o3-1": 2, "o3-2": 0})
    detail = detail_of(counter)
    assert detail.order.state == "partly_shipped"
    assert [(line.order_line_id, line.qty) for line in detail.parcel_lines] == [("o3-1", 2)]
    rest, asked = dialog(counter)
    assert [(line.id, left) for line, left in rest.open_lines] == [("o3-1", 1), ("o3-2", 2)]
    rest.ship("zto", "75312345678901", {"o3-1": 1, "o3-2": 2})
    detail = detail_of(counter)
    assert asked.refusal == "" and detail.order.state == "shipped" and len(detail.parcels) == 2


def test_number_of_another_shape_is_said_below_the_field_and_not_sent(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    presenter.ship("jt", NUMBER, {"o3-1": 3})
    assert asked.number_problem == f"{NUMBER} 不像极兔速递的单号。"
    presenter.ship("sf", "  ", {"o3-1": 3})
    assert asked.number_problem == "请输入或扫面单上的单号。"
    assert counter.runner.given == [] and asked.parcels == []


def test_number_of_another_parcel_is_refused_at_the_field(counter: Counter) -> None:
    taken = detail_of(counter, "o1").parcels[0].waybill_no
    presenter, asked = dialog(counter)
    presenter.ship("sf", taken, {"o3-1": 3})
    assert asked.number_problem == f"单号 {taken} 已经用在别的包裹上。" and asked.refusal == ""
    presenter.ship("sf", NUMBER, {"o3-1": 3})
    assert asked.number_problem == "" and len(asked.parcels) == 1


def test_nothing_in_the_parcel_is_said(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    presenter.ship("sf", NUMBER, {"o3-1": 0, "o3-2": 0})
    assert asked.refusal == "请填这个包裹装几件。" and counter.runner.given == []


def test_more_than_is_left_is_refused_in_place(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    presenter.ship("sf", NUMBER, {"o3-1": 4})
    assert asked.refusal == "件数比还没发的多。" and asked.parcels == []


def test_order_shipped_meanwhile_elsewhere_is_refused_in_words(counter: Counter) -> None:
    late, asked = dialog(counter)
    first, _ = dialog(counter)
    first.ship("sf", NUMBER, {"o3-1": 3, "o3-2": 2})
    late.ship("sf", "SF1688124306258", {"o3-1": 3})
    assert asked.refusal == "这一单不能发货：它现在是「已发货」。"
    assert len(detail_of(counter).parcels) == 1


def test_each_parcel_has_an_id_of_its_own(counter: Counter) -> None:
    presenter, _ = dialog(counter)
    presenter.ship("sf", NUMBER, {"o3-1": 1})
    presenter.ship("sf", "SF1688124306258", {"o3-1": 1})
    given = [command for command in counter.runner.given if isinstance(command, ShipOrder)]
    assert len({command.parcel_id for command in given}) == 2


def test_after_a_fault_of_the_computer_the_same_parcel_can_be_shipped(counter: Counter) -> None:
    presenter, asked = dialog(counter)
    counter.runner.fault = KnownError("replica.disk_full", "The disk is full.")
    presenter.ship("sf", NUMBER, {"o3-1": 3, "o3-2": 2})
    assert asked.parcels == [] and detail_of(counter).order.state == "paid"
    counter.runner.fault = None
    presenter.ship("sf", NUMBER, {"o3-1": 3, "o3-2": 2})
    assert len(asked.parcels) == 1 and detail_of(counter).order.state == "shipped"
