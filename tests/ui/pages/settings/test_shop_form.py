"""The shop's own settings: only what was touched is sent, and what others change meanwhile is never lost."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from app.desk import declared
from app.desk.declared import FieldKind
from app.domain.settings import NOT_BY_HAND, ShopSettings
from app.domain.staff.commands import ChangeSetting
from app.kernel import codec
from app.kernel.errors import KnownError
from tests.support.counter import Counter
from ui.pages.settings.presenter import SettingsPresenter
from ui.pages.settings.shop_form import ShopForm


class Desk:
    """A presenter with its form, as the page puts them together."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.presenter = SettingsPresenter(
            counter.runner, counter.ids, lambda: counter.runner.on_duty, None, self._follow
        )
        self.form = ShopForm(self.presenter, lambda: None)
        self.presenter.reload()
        self.saved: list[int] = []

    def _follow(self) -> None:
        if self.presenter.setup is not None and hasattr(self, "form"):
            self.form.follow(self.presenter.setup.settings)

    def save(self) -> None:
        self.form.save(self.saved.append)

    def given(self) -> list[str]:
        return [c.key for c in self.counter.runner.given if isinstance(c, ChangeSetting)]


def stored(counter: Counter, key: str) -> Any:
    return codec.parse(dict(counter.shop.rows("settings", "key, value"))[key])


def test_only_what_was_touched_is_sent_and_it_counts_at_the_service(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("shop_phone", " 0571-1 ")
    desk.form.set_value("order_expiry_minutes", 45)
    desk.form.set_value("shop_name", "别的")
    desk.form.undo("shop_name")
    desk.save()
    assert (desk.given(), desk.saved, desk.form.changed) == (["shop_phone", "order_expiry_minutes"], [2], 0)
    assert (stored(counter, "shop_phone"), stored(counter, "order_expiry_minutes")) == ("0571-1", 45)


def test_what_cannot_be_is_said_at_its_row_and_nothing_is_sent(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("order_expiry_minutes", 2)
    desk.form.set_value("pickup_days", None)
    desk.form.set_value("shop_phone", "0571-1")
    desk.save()
    problems = {key: desk.form.row(key).problem for key in ("order_expiry_minutes", "pickup_days", "shop_phone")}
    assert problems == {
        "order_expiry_minutes": "填 5 到 43200。",
        "pickup_days": "这里要填数字。",
        "shop_phone": "",
    }
    assert desk.given() == []
    desk.form.set_value("freight_fen", -1)
    desk.save()
    assert desk.form.row("freight_fen").problem == "填 ¥0.00 到 ¥1,000,000.00。"


def test_two_owners_of_one_setting_both_see_both_values(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("shop_phone", "0571-1")
    desk.form.set_value("order_expiry_minutes", 45)
    counter.shop.must(ChangeSetting("shop_phone", '"0571-2"'))
    counter.shop.must(ChangeSetting("shop_address", '"文三路"'))
    counter.pull()
    assert (desk.form.row("shop_phone").theirs, desk.form.conflicts) == ("0571-2", 1)
    assert desk.form.row("shop_address").value == "文三路"  # nobody touched it here: it simply follows
    desk.save()
    assert desk.given() == []
    desk.form.keep_mine("shop_phone")
    desk.save()
    assert stored(counter, "shop_phone") == "0571-1"


def test_their_value_can_be_taken(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("shop_phone", "0571-1")
    counter.shop.must(ChangeSetting("shop_phone", '"0571-2"'))
    counter.pull()
    desk.form.undo("shop_phone")
    assert (desk.form.row("shop_phone").value, desk.form.changed, desk.form.conflicts) == ("0571-2", 0, 0)


def test_a_change_that_came_between_looking_and_saving_is_not_overwritten(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("shop_phone", "0571-1")
    counter.shop.must(ChangeSetting("shop_phone", '"0571-2"'))  # not pulled yet
    desk.save()
    assert stored(counter, "shop_phone") == "0571-2"
    assert desk.form.refusal and desk.form.row("shop_phone").value == "0571-1"


def test_unplugged_the_change_waits_in_the_form_and_that_is_said(counter: Counter) -> None:
    desk = Desk(counter)
    counter.unplug()
    desk.form.set_value("shop_phone", "0571-1")
    desk.save()
    assert "网" in desk.form.refusal
    assert (desk.form.changed, desk.saved) == (1, [])
    counter.plug_in()
    desk.save()
    assert stored(counter, "shop_phone") == "0571-1"


def test_a_fault_on_the_way_keeps_the_change_and_it_can_be_saved_again(counter: Counter) -> None:
    desk = Desk(counter)
    desk.form.set_value("shop_name", "山野")
    counter.runner.fault = KnownError("disk.full", "full")
    desk.save()
    assert desk.form.changed == 1 and not desk.presenter.is_busy
    counter.runner.fault = None
    desk.save()
    assert desk.saved == [1]


def test_every_setting_appears_by_its_declaration(counter: Counter) -> None:
    """A setting whose shape no field can hold would silently be missing."""
    fields = {field.key: field for field in declared.declared()}
    assert fields.keys() == {f.name for f in dataclasses.fields(ShopSettings)} - NOT_BY_HAND
    groups = {name for name, _, _ in declared.GROUPS}
    assert all(field.group in groups and declared.label(field.key) for field in fields.values())


KINDS: tuple[tuple[str, FieldKind, Callable[[], str]], ...] = (
    ("freight_fen", FieldKind.MONEY, lambda: "元"),
    ("order_expiry_minutes", FieldKind.WHOLE, lambda: "分钟"),
    ("pickup_offline_allowed", FieldKind.SWITCH, lambda: ""),
    ("time_zone", FieldKind.ZONE, lambda: ""),
    ("default_location_id", FieldKind.LOCATION, lambda: ""),
    ("shop_name", FieldKind.TEXT, lambda: ""),
)


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize(("key", "kind", "unit"), KINDS)
def test_kind_and_unit_follow_from_the_declaration(key: str, kind: FieldKind, unit: Callable[[], str]) -> None:
    field = next(f for f in declared.declared() if f.key == key)
    assert (field.kind, declared.unit(field)) == (kind, unit())
