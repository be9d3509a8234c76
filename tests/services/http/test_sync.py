"""What desktops say to the service and hear from it, message by message."""

import pytest

from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.domain.pickup.code import mark_of
from app.domain.staff.commands import RevokeDevice
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from services.authority.trimming import trim
from services.db.tables import METADATA
from tests.support.clocks import FixedClock
from tests.support.service import SECRET, Desktop, Server
from tests.support.shop import OWNER, PICKUP_KEYS, PLACE


def code_of(reply: object) -> str:
    return str(reply.json()["code"])  # type: ignore[attr-defined]


def receive(desktop: Desktop, sku: str, qty: int = 1) -> dict[str, object]:
    return desktop.message(ReceiveStock(sku, PLACE, qty))


# --- enrolment ---------------------------------------------------------------------------------------------------


def test_a_code_makes_one_desktop(server: Server) -> None:
    first, second = server.enrol("收银台 1"), server.enrol("仓库", is_manager=True)
    assert (first.no, second.no) == (1, 2)
    assert server.shop.rows("devices", "no, name, is_manager") == [(1, "收银台 1", 0), (2, "仓库", 1)]


def test_a_code_is_used_up(server: Server) -> None:
    made = server.ask("POST", "/supervisor/enrol", SECRET, json={}).json()
    message = {"code": made["code"].lower(), "device_name": "x", "install_key": "k"}
    assert server.ask("POST", "/sync/v1/enrol", json=message).status_code == 200
    again = server.ask("POST", "/sync/v1/enrol", json=message)
    assert (again.status_code, code_of(again)) == (403, "code_refused")


def test_a_code_dies_after_ten_minutes(server: Server, clock: FixedClock) -> None:
    made = server.ask("POST", "/supervisor/enrol", SECRET, json={}).json()
    clock.advance(minutes=10)
    message = {"code": made["code"], "device_name": "x", "install_key": "k"}
    assert code_of(server.ask("POST", "/sync/v1/enrol", json=message)) == "code_refused"


def test_guessing_codes_is_slowed_down_for_that_address_only(server: Server, clock: FixedClock) -> None:
    wrong = {"code": "AAAAAAAAAAAA", "device_name": "x", "install_key": "k"}
    statuses = [server.ask("POST", "/sync/v1/enrol", json=wrong, address="10.0.0.9").status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    assert server.ask("POST", "/sync/v1/enrol", json=wrong, address="10.0.0.10").status_code == 403
    clock.advance(minutes=10)
    assert server.ask("POST", "/sync/v1/enrol", json=wrong, address="10.0.0.9").status_code == 403


def test_only_this_computer_may_ask_for_codes(server: Server) -> None:
    assert server.ask("POST", "/supervisor/enrol", "wrong", json={}).status_code == 401
    assert server.ask("POST", "/supervisor/enrol", SECRET, json={}, address="192.168.1.7").status_code == 403


# --- hello -------------------------------------------------------------------------------------------------------


def test_hello_tells_how_the_service_stands(server: Server, desktop: Desktop) -> None:
    said = desktop.hello().json()
    assert (said["protocol"], said["feed_epoch"], said["last_device_seq"]) == (1, desktop.epoch, 0)
    assert said["head_seq"] == server.shop.rows("feed_head", "last_seq")[0][0]
    assert said["commands"]["order.ship"] == [1]
    assert said["is_manager"] is False


def test_a_repeated_hello_is_a_lost_reply_and_the_next_key_follows(desktop: Desktop) -> None:
    first = desktop.install_key
    assert desktop.hello(next_key="b").status_code == 200
    assert desktop.hello(next_key="b").status_code == 200
    assert desktop.hello(install_key="b", next_key="c").status_code == 200
    assert code_of(desktop.hello(install_key=first, next_key="z")) == "device_cloned"


def test_a_copy_of_a_computer_is_noticed(desktop: Desktop) -> None:
    desktop.hello(next_key="mine")
    copied = desktop.hello(next_key="theirs")
    assert (copied.status_code, code_of(copied)) == (409, "device_cloned")
    assert desktop.hello(next_key="mine").status_code == 200


def test_a_program_of_another_time_is_told_to_update(desktop: Desktop) -> None:
    too_old = desktop.hello(protocols=[99])
    assert (too_old.status_code, code_of(too_old)) == (426, "upgrade_required")
    assert desktop.ask("GET", "/sums", headers={"Zhanggui-Protocol": "99"}).status_code == 426


@pytest.mark.parametrize("way", ["hello", "pull"])
def test_files_put_back_behind_our_back_begin_a_new_epoch_once(server: Server, desktop: Desktop, way: str) -> None:
    other = server.enrol("仓库")
    if way == "hello":
        said = desktop.hello(cursor=9_999).json()
        assert said["feed_epoch"] != desktop.epoch
        assert other.hello(cursor=9_998).json()["feed_epoch"] == said["feed_epoch"]
    else:
        asked = desktop.ask("GET", "/pull", params={"epoch": desktop.epoch, "after": 9_999})
        assert (asked.status_code, code_of(asked)) == (409, "epoch_changed")
        assert asked.json()["params"]["feed_epoch"] == server.shop.rows("feed_head", "epoch")[0][0]
    assert server.shop.rows("incidents", "kind, state") == [("shop.restored", "open")]


def test_a_desktop_that_went_on_after_the_copy_was_made_is_not_taken_for_a_clone(
    server: Server, desktop: Desktop
) -> None:
    """Each hello changes the keys, and the older state knows only those of its own time."""
    of_the_copy = server.shop.rows("device", "install_key, next_key")[0]
    desktop.hello(install_key=desktop.install_key, next_key="second")
    desktop.hello(install_key="second", next_key="third")
    back = "UPDATE device SET install_key = '{}', next_key = '{}'".format(*of_the_copy)
    server.shop.executor.chore(lambda database: database.execute(back)).result(10)
    assert desktop.hello(install_key="second", next_key="third", cursor=9_999).status_code == 200
    copied = desktop.hello(install_key="first of a copy", next_key="of a copy")
    assert (copied.status_code, code_of(copied)) == (409, "device_cloned"), "and copies are told apart again"


def test_an_epoch_that_we_never_had_tells_that_an_older_backup_was_restored_once_more(
    server: Server, desktop: Desktop
) -> None:
    for _ in range(2):
        said = desktop.hello(feed_epoch="of the first restore", cursor=50).json()
        assert said["feed_epoch"] == desktop.epoch, "the present epoch goes on"
    assert desktop.hello(feed_epoch="", cursor=0).status_code == 200, "a new computer proves nothing"
    (kind, state, refs) = server.shop.rows("incidents", "kind, state, refs")[0]
    assert (kind, state, "of the first restore" in refs) == ("shop.restored", "open", True)
    assert len(server.shop.rows("incidents")) == 1


# --- push --------------------------------------------------------------------------------------------------------


def test_commands_are_decided_and_a_refusal_is_an_answer(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    received = receive(desktop, sku, 4)
    ship = desktop.message(ShipOrder("nowhere", "p1", (ShippedLine("l", 1),), "sf", "SF1"))
    reply = desktop.push(received, ship)
    assert reply.status_code == 200, reply.text
    verdicts = [(r["device_seq"], r["verdict"], r["code"]) for r in reply.json()["results"]]
    assert verdicts == [(1, "applied", ""), (2, "rejected", "order.not_found")]
    assert reply.json()["last_device_seq"] == 2


def test_the_same_push_again_has_no_second_effect(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    command = receive(desktop, sku, 4)
    first = desktop.push(command).json()
    again = desktop.push(command).json()
    assert again["results"][0]["duplicate"] is True
    assert again["results"][0]["commit_seq"] == first["results"][0]["commit_seq"]
    assert server.shop.rows("stock_levels", "on_hand_qty") == [(4,)]


def test_a_day_offline_is_decided_in_order(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    reply = desktop.push(*[receive(desktop, sku) for _ in range(100)])
    assert [r["device_seq"] for r in reply.json()["results"]] == list(range(1, 101))
    assert server.shop.rows("stock_levels", "on_hand_qty") == [(100,)]


def test_more_than_a_hundred_commands_are_refused(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    reply = desktop.push(*[receive(desktop, sku) for _ in range(101)])
    assert (reply.status_code, code_of(reply)) == (400, "malformed")
    assert server.shop.rows("stock_levels", "on_hand_qty") in ([], [(0,)])


def test_a_gap_and_a_used_number_are_refused(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    gap = desktop.push(desktop.message(ReceiveStock(sku, PLACE, 1), device_seq=3))
    assert (gap.status_code, code_of(gap), gap.json()["params"]) == (409, "sequence_gap", {"expected": 1})
    assert desktop.push(desktop.message(ReceiveStock(sku, PLACE, 1), device_seq=1)).status_code == 200
    used = desktop.push(desktop.message(ReceiveStock(sku, PLACE, 1), device_seq=1))
    assert (used.status_code, code_of(used)) == (409, "sequence_conflict")


def test_commands_of_another_epoch_or_device_are_refused(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    other = server.enrol("仓库")
    assert code_of(desktop.push(receive(desktop, sku), feed_epoch="of yesterday")) == "epoch_changed"
    assert desktop.push(receive(desktop, sku), device_id=other.id).status_code == 403
    assert desktop.hello(device_id=other.id).status_code == 403


@pytest.mark.warns_in_log("that the shop is left is told once")
def test_a_moved_shop_decides_nothing_and_tells_where_it_is(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    address = "https://shop.example"
    server.shop.executor.chore(lambda db: db.execute(f"UPDATE feed_head SET moved_to = '{address}'")).result(10)
    moved = desktop.push(receive(desktop, sku))
    assert (moved.status_code, code_of(moved), moved.json()["params"]["address"]) == (409, "shop_moved", address)
    assert desktop.hello().json()["moved_to"] == address
    assert desktop.pull(after=1)["changes"], "what is here can still be read"


def test_a_service_that_stops_asks_to_come_back(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    command = receive(desktop, sku)
    server.shop.executor.close()
    reply = desktop.push(command)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")


# --- pull --------------------------------------------------------------------------------------------------------


def test_pages_end_where_commands_end_and_bring_everything_once(server: Server, desktop: Desktop) -> None:
    for number in range(4):
        server.shop.product(f"p{number}")
    whole = desktop.pull_all()
    after, seen = 0, []
    while True:
        page = desktop.pull(after, limit=3)
        if page["cursor"] == after:
            break
        end = server.shop.rows(f"change_log WHERE commit_seq = {page['cursor']}", "max(seq)")
        assert end == [(page["cursor"],)]
        seen += page["changes"]
        after = page["cursor"]
    assert after == desktop.pull()["head_seq"]
    assert {(c["table"], c["pk"]) for c in seen} == {(c["table"], c["pk"]) for c in whole}


def test_images_of_one_row_are_collapsed_to_the_last(server: Server, desktop: Desktop) -> None:
    sku = server.shop.product(stock=0)
    desktop.push(*[receive(desktop, sku) for _ in range(5)])
    levels = [c["row"]["on_hand_qty"] for c in desktop.pull()["changes"] if c["table"] == "stock_levels"]
    assert levels == [5]


def test_costs_reach_managers_desktops_only(server: Server, desktop: Desktop) -> None:
    from app.domain.catalog.commands import SetCost
    from app.domain.money import Fen

    boss = server.enrol("办公室", is_manager=True)
    sku = server.shop.product()
    server.shop.must(SetCost(sku, Fen(3100)))
    head = desktop.pull()["head_seq"]
    assert [c["row"]["cost_fen"] for c in boss.pull_all() if c["table"] == "sku_costs"] == [3100]
    assert [c for c in desktop.pull_all() if c["table"] == "sku_costs"] == []
    assert desktop.pull()["cursor"] == head
    assert boss.ask("GET", "/snapshot/sku_costs").json()["rows"]
    assert code_of(desktop.ask("GET", "/snapshot/sku_costs")) == "not_found"
    assert "sku_costs" in boss.ask("GET", "/sums").json()["tables"]
    assert "sku_costs" not in desktop.ask("GET", "/sums").json()["tables"]


def test_service_tables_reach_nobody(server: Server) -> None:
    boss = server.enrol("办公室", is_manager=True)
    server.shop.order("o1", server.shop.product())
    assert server.shop.rows("buyer_identities", "openid") == [("openid-1",)]
    assert [c for c in boss.pull_all() if c["table"] == "buyer_identities"] == []
    for table in ("buyer_identities", "device", "change_log", "staff; DROP TABLE staff"):
        assert boss.ask("GET", f"/snapshot/{table}").status_code == 404


def test_verdicts_go_to_their_own_desktop(server: Server, desktop: Desktop) -> None:
    other = server.enrol("仓库")
    command = receive(desktop, server.shop.product(stock=0))
    desktop.push(command)
    rows = [c for c in desktop.pull_all() if c["table"] == "verdict"]
    assert [(r["pk"], r["row"]["verdict"], r["row"]["device_seq"]) for r in rows] == [
        (command["command_id"], "applied", 1)
    ]
    assert [c for c in other.pull_all() if c["table"] == "verdict"] == []
    asked = desktop.ask("GET", "/verdicts", params={"after_device_seq": 0}).json()["verdicts"]
    assert [(v["command_id"], v["verdict"]) for v in asked] == [(command["command_id"], "applied")]
    assert other.ask("GET", "/verdicts").json()["verdicts"] == []


def test_another_epoch_and_a_trimmed_log_are_told(server: Server, desktop: Desktop, clock: FixedClock) -> None:
    server.shop.product()
    changed = desktop.ask("GET", "/pull", params={"epoch": "of yesterday", "after": 0})
    assert (changed.status_code, code_of(changed)) == (409, "epoch_changed")
    clock.advance(days=40)
    oldest = server.shop.executor.chore(lambda db: trim(db, clock.now())).result(10)
    assert oldest > 1
    expired = desktop.ask("GET", "/pull", params={"epoch": desktop.epoch, "after": 0})
    assert (expired.status_code, code_of(expired)) == (410, "cursor_expired")
    assert expired.json()["params"] == {"oldest_seq": oldest}
    assert desktop.hello().json()["oldest_seq"] == oldest


def test_the_log_is_kept_for_who_reads_and_who_copies(server: Server, desktop: Desktop, clock: FixedClock) -> None:
    server.shop.product("p1")
    half = desktop.pull()["cursor"]
    server.shop.product("p2")
    clock.advance(days=40)
    desktop.hello(cursor=half)
    assert server.shop.executor.chore(lambda db: trim(db, clock.now())).result(10) == half + 1
    desktop.hello(cursor=desktop.pull(half)["cursor"])
    lease = desktop.ask("POST", "/lease").json()
    assert lease["floor_seq"] == desktop.pull(half)["head_seq"]


def test_how_far_a_desktop_has_read_is_stored_now_and_then(server: Server, desktop: Desktop, clock: FixedClock) -> None:
    head = desktop.pull()["head_seq"]
    clock.advance(seconds=31)
    desktop.pull(head)
    assert server.shop.rows("device", "cursor") == [(head,)]


def test_replies_are_packed(server: Server, desktop: Desktop) -> None:
    for number in range(5):
        server.shop.product(f"p{number}")
    params = {"epoch": desktop.epoch, "after": 0}
    assert desktop.ask("GET", "/pull", params=params).headers["content-encoding"] == "gzip"
    plain = desktop.ask("GET", "/pull", params=params, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


# --- snapshots and sums ------------------------------------------------------------------------------------------


def test_a_snapshot_under_writes_and_the_feed_after_it_give_the_table(server: Server, desktop: Desktop) -> None:
    for number in range(6):
        server.shop.product(f"p{number}", stock=1)
    floor = desktop.ask("POST", "/lease").json()["floor_seq"]
    rows: dict[tuple[str, str], dict[str, object]] = {}
    after: list[str] | None = None
    number = 6
    while True:
        params = {"limit": 2} | ({"after_pk": after} if after else {})
        page = desktop.ask("GET", "/snapshot/stock_levels", params=params).json()
        rows |= {(row["sku_id"], row["location_id"]): row for row in page["rows"]}
        server.shop.must(ReceiveStock("p0-s", PLACE, 1), OWNER) if number == 6 else None
        server.shop.product(f"p{number}", stock=2)
        number += 1
        after = page["next_after_pk"]
        if after is None:
            break
    for change in desktop.pull(floor)["changes"]:
        if change["table"] == "stock_levels":
            rows[change["row"]["sku_id"], change["row"]["location_id"]] = change["row"]
    wanted = server.shop.rows("stock_levels", "sku_id, on_hand_qty")
    assert sorted((key[0], row["on_hand_qty"]) for key, row in rows.items()) == wanted


def test_sums_and_head_are_of_one_instant(server: Server, desktop: Desktop) -> None:
    server.shop.product()
    said = desktop.ask("GET", "/sums").json()
    assert said["at_seq"] == desktop.pull()["head_seq"]
    assert said["tables"]["skus"]["count"] == 1


# --- who may ask -------------------------------------------------------------------------------------------------


def test_a_locked_out_computer_is_told_so(server: Server, desktop: Desktop) -> None:
    server.shop.must(RevokeDevice(desktop.id))
    for method, path in (("GET", "/sums"), ("POST", "/push"), ("GET", "/poke"), ("POST", "/hello")):
        reply = desktop.ask(method, path)
        assert (reply.status_code, code_of(reply)) == (401, "device_revoked")


def test_a_wrong_or_missing_token_is_refused(server: Server) -> None:
    for token in ("", "wrong", SECRET):
        reply = server.ask("GET", "/sync/v1/sums", token)
        assert (reply.status_code, code_of(reply)) == (401, "unauthorised")


# --- what is no message ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a":1.5}', b"[" * 5000, b'{"x":' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_refused(desktop: Desktop, body: bytes) -> None:
    reply = desktop.ask("POST", "/push", content=body)
    assert (reply.status_code, code_of(reply)) == (400, "malformed_json")


@pytest.mark.parametrize("params", [{"after": "x"}, {"after": -1}, {"after": 2**70}, {}])
def test_questions_that_do_not_fit_are_refused(desktop: Desktop, params: dict[str, object]) -> None:
    reply = desktop.ask("GET", "/pull", params={"epoch": "e"} | params)
    assert (reply.status_code, code_of(reply)) == (400, "malformed")


def test_keys_that_cannot_be_stored_are_refused(desktop: Desktop) -> None:
    assert desktop.ask("GET", "/snapshot/skus", params={"after_pk": "a\x00"}).status_code == 400
    assert desktop.ask("GET", "/snapshot/skus", params={"after_pk": ["a", "b"]}).status_code == 404


def test_a_message_that_lacks_something_names_it(desktop: Desktop) -> None:
    reply = desktop.push({"device_seq": 1})
    assert reply.json()["params"] == {"where": "commands[0].command_id", "why": "is missing"}


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_text_that_cannot_be_stored_stops_nobody(server: Server, desktop: Desktop, text: str) -> None:
    import json

    note = desktop.message(NoteOrder("o1", "note"))
    note["args"]["remark"] = text
    body = json.dumps({"device_id": desktop.id, "feed_epoch": desktop.epoch, "commands": [note]}).encode()
    reply = desktop.ask("POST", "/push", content=body)
    assert reply.status_code in (200, 400), reply.text
    assert reply.status_code == 400 or reply.json()["results"][0]["verdict"] == "rejected"


def test_too_much_is_refused_while_it_arrives(server: Server, desktop: Desktop) -> None:
    large = b"x" * 4_000_001
    promised = desktop.ask("POST", "/push", content=large)
    assert (promised.status_code, code_of(promised)) == (413, "too_large")

    async def stream() -> object:
        async def pieces() -> object:
            for _ in range(5):
                yield b"x" * 1_000_000

        return await server.ask_async("POST", "/sync/v1/push", desktop.token, content=pieces())

    import asyncio

    assert asyncio.run(stream()).status_code == 413  # type: ignore[attr-defined]


def test_unknown_addresses_and_methods_are_documents_too(server: Server) -> None:
    missing = server.ask("GET", "/nothing")
    assert (missing.status_code, code_of(missing)) == (404, "not_found")
    assert missing.headers["content-type"] == "application/problem+json"
    wrong = server.ask("DELETE", "/sync/v1/push")
    assert (wrong.status_code, code_of(wrong), wrong.headers["allow"]) == (405, "method_not_allowed", "POST")


def test_texts_follow_the_reader(server: Server) -> None:
    english = server.ask("GET", "/nothing", headers={"Accept-Language": "en-GB"}).json()["detail"]
    chinese = server.ask("GET", "/nothing", headers={"Accept-Language": "zh-CN"}).json()["detail"]
    assert english == "There is nothing here."
    assert chinese != english


def test_health_names_the_program(server: Server) -> None:
    said = server.ask("GET", "/healthz").json()
    assert (said["app"], said["version"]) == ("zhanggui", "0.1.0")


# --- the keys of the pickup codes ----------------------------------------------------------------------------------


def test_a_hello_hands_the_pickup_keys_to_who_does_not_hold_them_yet(server: Server, desktop: Desktop) -> None:
    given = desktop.hello().json()["keys"]
    assert given == codec.plain(PICKUP_KEYS)
    assert desktop.hello(keys_mark=mark_of(PICKUP_KEYS)).json()["keys"] is None
    assert desktop.hello(keys_mark="0" * 16).json()["keys"] == given


def test_the_pickup_keys_stand_in_no_table(server: Server, desktop: Desktop) -> None:
    desktop.hello()
    secret = PICKUP_KEYS.keys["1"]
    with server.shop.store.reading() as database:
        for table in METADATA.tables:
            found = database.execute(f"SELECT * FROM {table}").fetchall()
            assert secret not in repr([tuple(record) for record in found]), table
