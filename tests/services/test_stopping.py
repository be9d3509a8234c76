"""A whole service is told to stop while buyers wait for a WeChat that says nothing."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from services.demo.outside import DOOR_FILE
from tests.services.test_process import PATIENCE_S, Child
from tests.support.waiting import until

SOON_S = 5.0
"""After so long a desktop ends its service by force. It takes about one; a waiting buyer's time-out is ten."""
CONTACT = {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "浙江省杭州市文三路 90 号"}


def test_a_service_that_is_told_to_stop_waits_for_no_silent_wechat(tmp_path: Path) -> None:
    child = Child(tmp_path / "店铺 shop", shop={"is_demo": True})
    assert child.process.stdout is not None
    while "port" not in child.said:  # before that it tells how far the demo is made
        child.said = json.loads(child.process.stdout.readline())
    with httpx.Client(base_url=child.address, trust_env=False, timeout=PATIENCE_S) as shop:
        shop.get("/shop/v1/shop")
        door = json.loads((tmp_path / "店铺 shop" / DOOR_FILE).read_text(encoding="utf-8"))
        wechat = httpx.Client(
            base_url=door["host"], headers={"X-Standin-Token": door["token"]}, trust_env=False, timeout=PATIENCE_S
        )
        first, second = (wechat.post("/_control/login-codes", json={"user": user}).json()["code"] for user in "ab")
        own = {"Authorization": "Bearer " + shop.post("/shop/v1/login", json={"code": first}).json()["token"]}
        order = _ordered(shop, own)
        for operation in ("login", "prepay"):
            wechat.post("/_control/faults", json={"operation": operation, "fault": "no_answer"})
        asked = [("/shop/v1/login", {"json": {"code": second}}), (f"/shop/v1/orders/{order}/pay", {"headers": own})]
        answers: list[tuple[int, str]] = []

        def wait(path: str, how: dict[str, Any]) -> None:
            answer = shop.post(path, **how)
            answers.append((answer.status_code, answer.json()["code"]))

        waiting = [threading.Thread(target=wait, args=each) for each in asked]
        for each in waiting:
            each.start()
        until(lambda: bool(wechat.get("/_control/state").json()["orders"]), "WeChat has heard of the payment")
        begun = time.monotonic()
        assert child.end() == 0
        took = time.monotonic() - begun
        for each in waiting:
            each.join()
        wechat.close()
    assert took < SOON_S
    assert sorted(answers) == [(503, "login.unavailable"), (503, "payment.unavailable")]
    print(f"stopped while WeChat says nothing: {took:.1f} s")


def _ordered(shop: httpx.Client, own: dict[str, str]) -> str:
    found = shop.get("/shop/v1/products?limit=1").json()["items"][0]
    detail = shop.get(f"/shop/v1/products/{found['id']}").json()
    lines = [{"sku_id": detail["stock"][0]["sku_id"], "qty": 1}]
    total = shop.post("/shop/v1/quotes", json={"lines": lines, "region_code": "330106"}, headers=own).json()
    body = {"lines": lines, "delivery_kind": "express", "contact": CONTACT, "expected_total_fen": total["total_fen"]}
    placed = shop.post("/shop/v1/orders", json=body, headers=own | {"Idempotency-Key": "key-00000001"})
    return str(placed.json()["id"])
