"""Attacks on who one is: logins, tokens, codes, and paths that go around the question."""

import base64
import hashlib
import itertools
import json

import pytest

from tests.services.attacks.target import Target

ORDERS = "/shop/v1/orders"
UNKNOWN = (401, "session.unknown")


@pytest.mark.warns_in_log("WeChat does not know these codes")
def test_nobody_logs_in_by_naming_somebody(target: Target) -> None:
    """V37, V38: the openid comes from WeChat for a fresh code, and from nowhere else."""
    openid = target.street.wechat.openid("alice")
    malformed, refused = (400, "malformed"), (401, "login.refused")
    for body in ({"openid": openid}, {"openId": openid}, {"uid": 1}, {"code": "x", "openid": openid}, {"code": None}):
        target.refused(malformed, "POST", "/shop/v1/login", "nobody", json=body)
    for code in (openid, "0", "null", "undefined", "x" * 128):
        target.refused(refused, "POST", "/shop/v1/login", "nobody", json={"code": code})


def test_there_is_no_other_door_to_a_token(target: Target) -> None:
    """V39, V41: no app login, no password and nothing that resets one."""
    for path in ("app_auth", "apple/login", "login/app", "login/openid", "register", "password/reset", "token", "sms"):
        body = {"openid": target.street.wechat.openid("alice"), "phone": "13800138000", "code": "1"}
        target.refused((404, "not_found"), "POST", f"/shop/v1/{path}", "nobody", json=body)


def jwt(claims: dict[str, object], alg: str = "none") -> str:
    parts = ({"alg": alg, "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def test_a_token_cannot_be_made_guessed_or_derived(target: Target) -> None:
    """V38, V40, V46: it is random, no secret or default account makes one, and what is stored opens nothing."""
    buyer_id = target.street.shop.rows("orders", "buyer_id")[0][0]
    stored = [row[0] for row in target.street.shop.rows("buyer_sessions", "token_hash")]
    stored += [row[0] for row in target.street.shop.rows("device", "token_hash")]
    own = target.tokens["alice"]
    made = [
        *(jwt({"sub": buyer_id}), jwt({"uid": buyer_id}, "HS256"), buyer_id, "admin", "123456", "X-Litemall-Token"),
        *(hashlib.sha256(buyer_id.encode()).hexdigest(), own[:-1], own + "A", own.swapcase(), own * 2, "x" * 5_000),
    ]
    sums, enrol = ("GET", "/sync/v1/sums"), ("POST", "/supervisor/enrol")
    with target.untouched():
        for token in (*stored, *made):
            for written in (f"Bearer {token}", f"Basic {token}", token):
                target.refused(UNKNOWN, "GET", ORDERS, "nobody", headers={"Authorization": written})
            for method, path in (sums, enrol):
                headers = {"Authorization": f"Bearer {token}"}
                target.refused((401, "unauthorised"), method, path, "nobody", headers=headers)


def test_a_login_says_no_more_than_it_must(target: Target) -> None:
    """V42: no code, session key or openid comes back, and a code is used up."""
    code, openid = target.street.wechat.login_code("mallory")
    answer = target.ask("POST", "/shop/v1/login", "nobody", json={"code": code})
    assert answer.json().keys() == {"token", "expires_at"}
    assert openid not in answer.text and code not in answer.text
    token = answer.json()["token"]
    everything = [
        target.ask("GET", path, headers={"Authorization": f"Bearer {token}"}).text for path in (ORDERS, "/shop/v1/cart")
    ]
    assert not any("openid" in text or "session_key" in text for text in everything)


@pytest.mark.warns_in_log("WeChat does not know a code twice")
def test_what_is_good_once_is_good_once(target: Target) -> None:
    """V44: a login code and an enrolment code are used up by their first use."""
    code = target.street.wechat.login_code("mallory")[0]
    assert target.ask("POST", "/shop/v1/login", "nobody", json={"code": code}).status_code == 200
    target.refused((401, "login.refused"), "POST", "/shop/v1/login", "nobody", json={"code": code})
    made = target.ask("POST", "/supervisor/enrol", "supervisor", json={"is_manager": True}).json()["code"]
    message = {"code": made, "device_name": "坏", "install_key": "x"}
    assert target.ask("POST", "/sync/v1/enrol", "nobody", json=message).status_code == 200
    target.refused((403, "code_refused"), "POST", "/sync/v1/enrol", "nobody", json=message, address="203.0.113.1")
    for guess in ("", "AAAA-AAAA-AAAA", made[:-1], "0" * 12, "' OR 1=1 --"):
        message = {"code": guess, "device_name": "坏", "install_key": "x"}
        target.refused((403, "code_refused"), "POST", "/sync/v1/enrol", "nobody", json=message, address="203.0.113.2")


def test_no_way_of_writing_a_path_goes_around_the_door(target: Target) -> None:
    """V43: dots, slashes, semicolons, letters and escapes lead to the same door or to none."""
    order_id = target.orders["paid"].id
    paths = (
        f"/shop/v1/orders/{order_id};.js",
        f"/shop/v1/login/../orders/{order_id}",
        f"/shop/v1/login/..;/orders/{order_id}",
        f"/shop/v1/products/..%2Forders%2F{order_id}",
        f"/shop/v1/categories/..%2f..%2fv1/orders/{order_id}",
        f"//shop/v1/orders/{order_id}",
        f"/shop//v1/orders/{order_id}",
        f"/SHOP/V1/ORDERS/{order_id}",
        f"/shop/v1/orders/{order_id}/",
        f"/shop/v1/orders/{order_id}%00",
        f"/shop/v1/orders/{order_id}%0a",
        f"/shop/v1/orders/{order_id}?token=x",
        f"/openapi.json/../shop/v1/orders/{order_id}",
        "/healthz/..;/sync/v1/sums",
        "/sync/v1/sums;jsessionid=1",
        "/sync/v1/%73ums",
    )
    with target.untouched():
        for path, who in itertools.product(paths, ("nobody", "mallory")):
            answer = target.ask("GET", path, who)
            assert answer.status_code in (307, 400, 401, 404), (path, answer.status_code)
            assert "contact" not in answer.text, path


def test_a_new_shop_knows_no_computer_and_no_password(target: Target) -> None:
    """V46: nothing opens it but a code made on its own computer, and supervision ends at this computer."""
    target.refused((401, "unauthorised"), "POST", "/supervisor/enrol", "nobody", json={"is_manager": True})
    target.refused((403, "forbidden"), "POST", "/supervisor/enrol", "supervisor", json={}, address="203.0.113.7")
    for path in ("/admin", "/login", "/supervisor", "/supervisor/login", "/sync/v1/login"):
        target.refused((404, "not_found"), "POST", path, "nobody", json={"username": "admin", "password": "admin123"})
