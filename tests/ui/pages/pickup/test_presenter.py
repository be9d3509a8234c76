"""From a scan to a verdict without Qt, over the real domain and a real replica: every state, and what may follow it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from app.desk.pickup import AtCounter, Expected, PickupFile
from app.desk.session import OnDuty
from app.desk.sounds import Sound
from app.domain.aftersales.commands import RequestRefund
from app.domain.permission import Role
from app.domain.pickup import code
from app.domain.pickup.code import PickupKeys
from app.domain.pickup.commands import HandedPieces, HandOverPickup, RecordRedeemed, RedeemPickup
from app.domain.staff.commands import ChangeSetting, CreateStaff
from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.i18n import set_language
from app.kernel.ids import IdSource
from tests.support.pickup_counter import EXPIRES, HERE, KEYS, LIN, OTHER_KEYS, SONG, ZHAO, Buyer, PickupCounter
from ui.pages.pickup.presenter import PickupPresenter
from ui.pages.pickup.verdict import Act, Kind, Verdict

OTHER_LIN = Buyer("林晓东", "13512348888", (("scale", 1),), "B-01")


@dataclass
class FakePlace:
    """Implements ``Place``."""

    clock: Clock
    ids: IdSource
    point_id: str = HERE
    online: bool = True
    held_keys: PickupKeys | None = KEYS
    person: OnDuty | None = OnDuty("clerk", "陈子墨", Role.CLERK)
    heard: list[Sound] = field(default_factory=list)

    def choose_point(self, point_id: str) -> None:
        self.point_id = point_id

    def counter_no(self) -> int:
        return 1

    def is_online(self) -> bool:
        return self.online

    def keys(self) -> PickupKeys | None:
        return self.held_keys

    def on_duty(self) -> OnDuty | None:
        return self.person

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)


class FakeView:
    """Remembers what stands there; ``shown`` are all verdicts."""

    def __init__(self) -> None:
        self.shown: list[Verdict] = []
        self.notice: str | None = None
        self.lit = ""
        self.lists: AtCounter | None = None
        self.found: tuple[Expected, ...] = ()
        self.undo = ""
        self.asked: list[str] = []
        self.opened = self.copied = ""

    def show_waiting(self, notice: str = "") -> None:
        self.notice = notice

    def show_verdict(self, verdict: Verdict) -> None:
        self.notice = None
        self.shown.append(verdict)

    def show_lists(self, at: AtCounter, lit_order_id: str) -> None:
        self.lists, self.lit = at, lit_order_id

    def show_found(self, rows: tuple[Expected, ...], words: str) -> None:
        self.found = rows

    def show_points(self, at: AtCounter) -> None: ...

    def show_undo(self, text: str) -> None:
        self.undo = text

    def ask_shelf(self, file: PickupFile) -> None:
        self.asked.append(f"shelf {file.order.id}")

    def ask_part(self, file: PickupFile) -> None:
        self.asked.append(f"part {file.order.id}")

    def ask_override(self, file: PickupFile | None) -> None:
        self.asked.append(f"override {file.order.id if file is not None else ''}".strip())

    def copy(self, text: str) -> None:
        self.copied = text

    def open_order(self, order_id: str) -> None:
        self.opened = order_id


class Desk:
    """The presenter with all that it works on."""

    def __init__(self, shop: PickupCounter) -> None:
        counter = shop.counter
        self.shop, self.counter = shop, counter
        self.place = FakePlace(counter.world.clock, counter.ids)
        self.view = FakeView()
        counter.runner.on_duty = OnDuty("clerk", "陈子墨", Role.CLERK)
        self.presenter = PickupPresenter(counter.runner, self.view, self.place)
        self.presenter.reload()

    def be_owner(self) -> None:
        self.place.person = self.counter.runner.on_duty = OnDuty("owner", "李敏", Role.OWNER)

    def scan(self, buyer: Buyer) -> Verdict:
        self.counter.world.clock.advance(seconds=10)
        self.presenter.scan(self.shop.code(buyer))
        return self.verdict

    @property
    def verdict(self) -> Verdict:
        assert self.presenter.verdict is not None
        return self.presenter.verdict

    def acts(self) -> list[Act]:
        return [offer.act for offer in self.verdict.offers]

    def counts(self) -> tuple[int, int, int]:
        assert self.view.lists is not None
        lists = self.view.lists.lists
        return lists.ready_count, lists.preparing_count, lists.collected_count

    def given(self) -> list[str]:
        return [command.NAME for command in self.counter.runner.given]


@pytest.fixture
def desk(shop: PickupCounter) -> Iterator[Desk]:
    found = Desk(shop)
    yield found
    found.presenter.close()


def test_a_scan_redeems_at_once_and_says_what_to_hand_over(desk: Desk) -> None:
    assert desk.counts() == (1, 1, 0)
    verdict = desk.scan(LIN)
    assert (verdict.kind, verdict.title, verdict.slot, verdict.big) == (
        Kind.DONE,
        "已核销，请交货",
        "A-12",
        "林晓雨",
    )
    assert [(g.title, g.qty) for g in verdict.goods] == [
        ("冷萃咖啡液 10 条装 原味", 2),
        ("燕麦奶 1L 咖啡大师 整箱 6 瓶", 1),
    ]
    assert "1******8888" in verdict.lead and "13612348888" not in repr(verdict)
    assert verdict.heading == "共 3 件，点一点再交" and verdict.strip is None
    assert desk.acts() == [Act.UNDO, Act.NEXT] and desk.place.heard == [Sound.PICKUP_DONE]
    assert desk.counts() == (0, 1, 1), "the row goes from one list to the other with the verdict"
    desk.counter.push()
    assert desk.counter.shop.rows("orders", "state") == [("completed",), ("paid",), ("paid",)]


def test_redeemed_at_the_other_counter(desk: Desk) -> None:
    desk.shop.redeem_elsewhere(LIN)
    desk.counter.pull()
    verdict = desk.scan(LIN)
    assert verdict.kind is Kind.ALREADY and "2 号柜台" in verdict.lead and desk.given() == []


def test_what_is_not_prepared_leads_to_the_shelves_and_then_to_the_handing_over(desk: Desk) -> None:
    verdict = desk.scan(ZHAO)
    assert verdict.kind is Kind.NOT_READY and [g.place for g in verdict.goods] == ["A-04-1"]
    assert desk.acts() == [Act.PREPARE, Act.NEXT]
    desk.presenter.hand.prepare()
    assert desk.view.asked == ["shelf o2"]
    desk.presenter.hand.mark_ready("o2", " B-02 ")
    assert desk.verdict.kind is Kind.FOUND and desk.verdict.slot == "B-02" and desk.counts() == (2, 0, 0)
    assert desk.acts() == [Act.REDEEM, Act.PART, Act.NEXT]
    desk.presenter.hand.redeem()
    assert desk.verdict.kind is Kind.DONE and desk.given() == ["pickup.mark_ready", "pickup.redeem"]


def test_unplugged_it_is_a_fact_without_an_undo_and_says_so(desk: Desk) -> None:
    desk.counter.unplug()
    desk.place.online = False
    verdict = desk.scan(LIN)
    assert verdict.kind is Kind.DONE and verdict.strip is not None and "第 1 条" in verdict.strip.text
    assert desk.acts() == [Act.NEXT] and isinstance(desk.counter.runner.given[0], RecordRedeemed)
    desk.presenter.undo()
    assert len(desk.given()) == 1, "a fact is not taken back"
    assert desk.view.lists is not None and desk.view.lists.lists.collected[0].is_syncing
    assert desk.scan(LIN).kind is Kind.ALREADY, "this counter remembers what it has done"
    desk.counter.plug_in()
    desk.counter.push()
    assert desk.view.lists.lists.unsynced_count == 0


def test_a_shop_that_wants_the_network_hands_nothing_over_without_it(desk: Desk) -> None:
    desk.shop.shop.must(ChangeSetting("pickup_offline_allowed", codec.canonical(False)))
    desk.counter.pull()
    desk.place.online = False
    assert desk.scan(LIN).title == "不能取：断网了" and desk.given() == []
    desk.place.online = True
    assert desk.scan(LIN).kind is Kind.DONE


def test_the_end_of_a_phone_opens_the_only_one_and_offers_several(desk: Desk) -> None:
    desk.presenter.hand.enter("8888")
    assert desk.verdict.kind is Kind.FOUND and desk.verdict.big == "林晓雨"
    desk.shop.buy(OTHER_LIN)
    desk.counter.pull()
    desk.presenter.hand.enter("8888")
    assert [row.name for row in desk.view.found] == ["林晓雨", "林晓东"]
    desk.presenter.hand.search("晓东")
    assert [row.name for row in desk.view.found] == ["林晓东"]
    desk.presenter.hand.search("知夏")
    assert desk.view.found == (), "who collects elsewhere is not looked for here"
    assert desk.given() == []


def test_a_part_is_handed_over_and_the_same_code_is_good_for_the_rest(desk: Desk) -> None:
    desk.presenter.hand.open("o1")
    desk.presenter.hand.part()
    assert desk.view.asked == ["part o1"]
    desk.presenter.hand.redeem((HandedPieces("o1-1", 2),))
    verdict = desk.verdict
    assert [(g.qty, g.is_missing) for g in verdict.goods] == [(2, False), (1, True)]
    assert verdict.heading == "这次 2 件，还差 1 件" and "燕麦奶" in verdict.hint
    rest = desk.scan(LIN)
    assert rest.kind is Kind.DONE and [(g.title[:3], g.qty) for g in rest.goods] == [("燕麦奶", 1)]
    assert desk.scan(LIN).kind is Kind.ALREADY


def test_a_second_scan_is_told_when_where_and_by_whom_and_changes_nothing(desk: Desk) -> None:
    desk.scan(LIN)
    for _ in range(4):  # a gun that sees the same phone again means the same customer
        desk.counter.world.clock.advance(seconds=2)
        desk.presenter.scan(desk.shop.code(LIN))
    desk.presenter.scan(desk.shop.code(LIN) * 2)
    assert desk.verdict.kind is Kind.DONE and len(desk.view.shown) == 1
    verdict = desk.scan(LIN)
    assert verdict.kind is Kind.ALREADY and verdict.big.startswith("今天 ") and "陈子墨 核销" in verdict.lead
    assert desk.acts() == [Act.RECORD, Act.NEXT] and desk.view.lit == "o1"
    assert desk.given() == ["pickup.redeem"] and desk.place.heard == [Sound.PICKUP_DONE, Sound.PICKUP_ALREADY]
    desk.presenter.record()
    assert desk.view.opened == "o1"


def test_the_wrong_point_says_where_to_go_until_the_next_customer(desk: Desk) -> None:
    desk.presenter.scan("]Q1" + desk.shop.code(SONG).lower() + "#")
    verdict = desk.verdict
    assert (verdict.kind, verdict.big) == (Kind.ELSEWHERE, "滨江星光店")
    assert verdict.lead == "杭州市滨江区江南大道 228 号星光大道 1 楼"
    assert "09:00–21:30" in verdict.note and "0571-8666 0228" in verdict.note and "C-03" in verdict.heading
    assert desk.acts() == [Act.COPY, Act.NEXT] and desk.place.heard == [Sound.PICKUP_ELSEWHERE]
    desk.presenter.copy_address()
    assert desk.view.copied == "滨江星光店 杭州市滨江区江南大道 228 号星光大道 1 楼 0571-8666 0228"
    set_language("en")
    desk.presenter.say_again()
    assert desk.verdict.title == "Not at this point" and len(desk.place.heard) == 1, "said again without a sound"
    desk.presenter.next()
    desk.view.copied = ""
    for act in (desk.presenter.copy_address, desk.presenter.hand.redeem, desk.presenter.record, desk.presenter.undo):
        act()
    assert desk.presenter.verdict is None and desk.view.notice == "" and desk.view.copied == desk.view.opened == ""
    assert desk.given() == []


def test_codes_that_lead_nowhere_are_told_apart(desk: Desk) -> None:
    for text, title in (
        ("P1ABCDEFGHIJKLMN", "没读出取货码"),
        ("6901234567892", "没读出取货码"),
        ("P1" + "A" * 36, "不能取：不是本店的取货码"),
        (desk.shop.code(LIN, OTHER_KEYS), "不能取：不是本店的取货码"),
    ):
        desk.presenter.scan(text)
        assert (desk.verdict.kind, desk.verdict.title) == (Kind.REFUSED, title) and desk.acts() == [Act.NEXT]
    newcomer = Buyer("周若溪", "13812342046", (("milk", 1),), "A-02")
    desk.shop.buy(newcomer)  # the feed has not brought it yet
    assert desk.scan(newcomer).title == "这台电脑没有这一单" and desk.given() == []
    desk.counter.pull()
    assert desk.scan(newcomer).kind is Kind.DONE
    desk.place.held_keys = None
    assert desk.scan(LIN).big == "请输入 8 位取货码"


def test_an_order_that_is_over_says_why(desk: Desk) -> None:
    desk.shop.shop.must(RequestRefund("o1", "refund", "不要了"))
    desk.counter.pull()
    verdict = desk.scan(LIN)
    assert verdict.kind is Kind.REFUSED and verdict.title == "不能取：已全额退款" and verdict.big == "退款 ¥312.00"
    assert desk.acts() == [Act.RECORD, Act.NEXT] and desk.place.heard == [Sound.PICKUP_REFUSED]
    desk.presenter.hand.mark_ready("o2", "B-02")
    desk.counter.world.clock.advance(days=30)
    verdict = desk.scan(ZHAO)
    assert verdict.title == "不能取：取货码过期了" and "店长" in verdict.lead and desk.given() == ["pickup.mark_ready"]
    assert desk.acts() == [Act.RECORD, Act.NEXT], "a clerk cannot hand over all the same"
    desk.be_owner()
    desk.scan(ZHAO)
    assert desk.acts() == [Act.OVERRIDE, Act.RECORD, Act.NEXT]
    desk.presenter.hand.override()
    desk.presenter.hand.hand_over(" 顾客出差刚回来 ")
    assert desk.view.asked == ["override o2"] and desk.verdict.kind is Kind.DONE and desk.acts()[0] is Act.UNDO
    command = desk.counter.runner.given[-1]
    assert isinstance(command, HandOverPickup) and command.reason == "顾客出差刚回来"


def test_a_manager_may_honour_a_code_of_an_order_that_is_not_here_if_the_shop_lets_him(desk: Desk) -> None:
    desk.be_owner()
    desk.place.online = False
    desk.presenter.scan(code.mint(KEYS, "ff" * 8, EXPIRES))
    assert desk.acts() == [Act.NEXT], "off by default"
    desk.shop.shop.must(ChangeSetting("pickup_unknown_allowed", codec.canonical(True)))
    desk.counter.pull()
    newcomer = Buyer("周若溪", "13812342046", (("milk", 1),), "A-02")
    desk.shop.buy(newcomer)
    desk.scan(newcomer)
    assert desk.acts() == [Act.OVERRIDE, Act.NEXT]
    desk.presenter.hand.override()
    desk.presenter.hand.hand_over("")
    assert desk.view.asked == ["override"] and desk.verdict.title == "已记下，请交货"
    desk.counter.push()
    assert desk.counter.shop.rows("pickup_redemptions", "mode") == [("unknown_code",)]


def test_digits_show_who_it_is_and_redeem_nothing(desk: Desk) -> None:
    desk.presenter.hand.enter("99999999")
    assert desk.presenter.verdict is None and desk.view.notice is not None and "99999999" in desk.view.notice
    for ask in (desk.presenter.scan, desk.presenter.hand.enter):  # figures from a gun may be those of an article
        ask("48210001")
        assert desk.verdict.kind is Kind.FOUND and desk.verdict.big == "林晓雨" and desk.given() == []
    assert desk.place.heard == []
    desk.presenter.hand.redeem()
    command = desk.counter.runner.given[0]
    assert isinstance(command, RedeemPickup) and command.was_typed and desk.verdict.kind is Kind.DONE


def test_undo_counts_down_takes_back_and_leaves_both_records(desk: Desk) -> None:
    desk.scan(LIN)
    desk.counter.world.clock.advance(seconds=2)
    desk.presenter.tick()
    assert desk.view.undo.startswith("没交货，撤销（28 秒）")
    desk.presenter.undo()
    assert desk.verdict.kind is Kind.FOUND and desk.verdict.title == "已撤销，没有核销" and desk.counts() == (1, 1, 0)
    desk.counter.push()
    assert len(desk.counter.shop.rows("pickup_redemptions")) == 2
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.verdict.kind is Kind.DONE, "the same customer may come again at once"
    desk.counter.world.clock.advance(seconds=31)
    desk.presenter.tick()
    desk.presenter.undo()
    assert desk.view.undo == "" and desk.given() == ["pickup.redeem", "pickup.undo", "pickup.redeem"]


def test_while_it_is_not_known_who_or_where_nothing_is_redeemed(desk: Desk) -> None:
    desk.shop.shop.must(CreateStaff("courier", "高远", Role.COURIER))
    desk.counter.pull()
    clerk = desk.place.person
    desk.place.person = None
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.view.notice == "请先选谁在当班。"
    desk.place.person = desk.counter.runner.on_duty = OnDuty("courier", "高远", Role.COURIER)
    assert desk.scan(LIN).kind is Kind.REFUSED, "couriers do not redeem"
    desk.place.person = clerk
    desk.presenter.choose_point("")
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.view.notice == "请先选这台电脑在哪个取货点。" and desk.given() == []


def test_two_scans_in_one_breath_are_judged_in_their_order(desk: Desk) -> None:
    desk.presenter.scan(desk.shop.code(LIN) + desk.shop.code(SONG))
    assert [verdict.kind for verdict in desk.view.shown] == [Kind.DONE, Kind.ELSEWHERE]


def test_a_scan_that_cannot_be_looked_up_is_said_at_once_and_counts_when_it_comes_again(desk: Desk) -> None:
    desk.counter.runner.is_blind = True
    desk.counter.world.clock.advance(seconds=10)
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.view.notice == "本机没能查到这张单的数据，请再扫一次。" and not desk.presenter.is_busy()
    assert desk.given() == []
    desk.counter.runner.see_again()
    desk.presenter.scan(desk.shop.code(LIN))  # at once: it is no echo of the scan before
    assert desk.verdict.kind is Kind.DONE and desk.counts() == (0, 1, 1)


def test_a_handing_over_that_could_not_be_written_is_said_at_once(desk: Desk) -> None:
    desk.counter.runner.fault = KnownError("disk.full", "The disk is full.")
    desk.counter.world.clock.advance(seconds=10)
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.view.notice is not None and "请再扫一次" in desk.view.notice and not desk.presenter.is_busy()
    desk.counter.runner.fault = None
    desk.presenter.scan(desk.shop.code(LIN))
    assert desk.verdict.kind is Kind.DONE


def test_lists_that_could_not_be_read_come_when_they_can_be(desk: Desk) -> None:
    desk.counter.runner.is_blind = True
    desk.shop.buy(Buyer("周子安", "13800001111", (("bean", 1),)))
    desk.counter.pull()
    assert desk.counts() == (1, 1, 0)
    desk.counter.runner.see_again()
    assert desk.counts() == (2, 1, 0)
