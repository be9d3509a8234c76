"""A shop on a street: its service over loopback, a pretended WeChat beside it, and buyers who come in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient
from app.domain.registry import shop_registry
from app.kernel.ids import IdSource
from services.adapters.wechat_mini import WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.db.engine import Store
from services.http.app import Application, surround
from services.http.service import Service
from services.http.shop import routes as storefront
from services.http.shop.limits import Rates
from services.http.wechat import notify
from services.standins.loopback import Lines, serving
from services.standins.wechat.fault import Rules
from services.standins.wechat.identity import Identity, KeyMode
from services.standins.wechat.mail import NoticePlan, post
from services.standins.wechat.server import create_app
from services.standins.wechat.standin import WechatStandIn
from tests.support.clocks import FixedClock
from tests.support.shop import PICKUP_KEYS, Shop

HOME = Contact("林晓雨", "13800138000", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")


@cache
def wechat_identity() -> Identity:
    """One pretended account for all tests: its keys take a while to make."""
    return Identity.generate(FixedClock().now())


class Door:
    """An application that is named after its server has started, because its address is part of it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Postman:
    """Carries WeChat's notices; when ``is_stopped`` they are only written down in ``sent``."""

    sent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    is_stopped: bool = False

    def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> int | None:
        self.sent.append((dict(headers), body))
        return None if self.is_stopped else post(url, headers, body)


@dataclass
class Street:
    """``shop`` is the authority behind the service; ``wechat`` sends its notices when ``tell`` is called."""

    shop: Shop
    service: Service
    app: FastAPI
    url: str
    wechat: WechatStandIn
    clock: FixedClock
    postman: Postman
    wechat_url: str

    def buyer(self, user: str = "xiaoyu") -> ShopClient:
        """A logged-in buyer; closed by the caller."""
        client = ShopClient(self.url)
        client.login(self.wechat.login_code(user)[0])
        return client

    def ordered(self, buyer: ShopClient, sku_id: str, qty: int = 1, key: str = "key-00000001") -> Order:
        return buyer.place_order(buyer.quote([(sku_id, qty)]), HOME, key)

    def settle(self) -> None:
        """Wait until everybody has heard of the last commit."""
        self.shop.executor.chore(lambda database: None).result(30)

    def sealed_notice(self, buyer: ShopClient, order: Order) -> tuple[dict[str, str], bytes]:
        """The genuine notice of a payment of this order, paid but not told yet."""
        self.postman.is_stopped = True
        self.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
        self.wechat.mail.deliver(f"{order.no}-1")
        self.postman.is_stopped = False
        return self.postman.sent[-1]

    def tell(self) -> None:
        """WeChat sends the notices that are due."""
        self.wechat.mail.deliver_due()


@contextmanager
def open_street(store: Store, folder: Path, rates: Rates | None = None) -> Iterator[Street]:
    clock, postman, door, wechat_door = FixedClock(), Postman(), Door(), Door()
    wechat = WechatStandIn(wechat_identity(), KeyMode.PUBLIC_KEY, Rules(), clock.now, postman.carry)
    shop = Shop(store, clock).found()
    lines = Lines()
    with serving(wechat_door, lines) as wechat_port, serving(door, Lines()) as port:
        wechat_door.app = create_app(wechat, "token", lines)
        url, host = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{wechat_port}"
        identity = wechat_identity()
        pay = WechatPayClient(identity.pay_config(host, f"{url}/wechat/pay/notify", clock=clock.now))
        mini = WechatMiniClient(identity.mini_config(host))
        service = Service(store, shop.executor, shop_registry(), clock, IdSource(), folder, PICKUP_KEYS, pay, mini)
        app = storefront_app(service, rates)
        door.app = app
        try:
            yield Street(shop, service, app, url, wechat, clock, postman, host)
        finally:
            pay.dispose()
            mini.dispose()
            shop.close()


def storefront_app(service: Service, rates: Rates | None = None) -> Application:
    """The storefront and the notices, without the desktops' side."""
    app = Application(openapi_url=None)
    front = storefront.storefront_of(service, rates)
    surround(app, front)
    app.include_router(storefront.router(front))
    app.include_router(notify.router(service))
    return app
