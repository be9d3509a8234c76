"""The buyer's program against a pretended service: errors are typed, and a broken line is asked once more."""

from collections.abc import Callable

import httpx
import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, KeyUsed, NoAnswer, NotFound, PriceChanged, Refusal, TooOften, Unavailable

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler) -> ShopClient:
    return ShopClient("https://shop.test", "token", httpx.MockTransport(handler))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "order.not_found", NotFound),
        (409, "order.out_of_stock", Conflict),
        (409, "order.price_changed", PriceChanged),
        (422, "idempotency_mismatch", KeyUsed),
        (429, "too_often", TooOften),
        (503, "service.busy", Unavailable),
        (418, "tea", Refusal),
    ],
)
def test_a_refusal_has_its_type_and_its_waiting_time(status: int, code: str, kind: type[Refusal]) -> None:
    answer = httpx.Response(
        status, json={"code": code, "detail": "没有", "params": {"n": 1}}, headers={"retry-after": "7"}
    )
    with client(lambda request: answer) as buyer, pytest.raises(Refusal) as refused:
        buyer.order("o1")
    assert type(refused.value) is kind
    assert (refused.value.code, refused.value.params, refused.value.retry_after_s) == (code, {"n": 1}, 7)


def test_a_page_that_is_no_answer_of_the_shop_is_none() -> None:
    with client(lambda request: httpx.Response(502, text="<html>")) as buyer, pytest.raises(NoAnswer):
        buyer.orders()


def test_the_token_goes_along_and_the_key_with_an_order() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(404, json={})

    with client(handler) as buyer, pytest.raises(NotFound):
        buyer.pay("o1")
    assert seen[0].headers["Authorization"] == "Bearer token"
    assert str(seen[0].url) == "https://shop.test/shop/v1/orders/o1/pay"


@pytest.mark.parametrize("breaks", [1, 2])
def test_a_line_that_was_closed_is_asked_once_more(breaks: int) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if len(asked) <= breaks:
            raise httpx.RemoteProtocolError("closed")
        return httpx.Response(200, json={"items": [], "next_cursor": None})

    with client(handler) as buyer:
        if breaks == 1:
            assert buyer.orders().items == ()
        else:
            with pytest.raises(NoAnswer):
                buyer.orders()
    assert len(asked) == 2


def test_a_login_is_never_asked_twice_because_its_code_is_spent() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        raise httpx.RemoteProtocolError("closed")

    with client(handler) as buyer, pytest.raises(NoAnswer):
        buyer.login("code")
    assert len(asked) == 1
