"""A fault of ours is told and written down without whom it was about."""

import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.buyer.client import ShopClient
from app.kernel import logs
from tests.support.street import HOME, Street

CANARY = "canary-7f3a"
"""In no form that the log's filter would know."""
CONTACT = {
    "name": f"{CANARY} 乙",
    "phone": "13800138000",
    "region_code": HOME.region_code,
    "address": f"{CANARY} 之二",
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The file that a service writes, with all that it does to its lines."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    logs.set_up(tmp_path / "data" / "logs", "service")
    yield tmp_path / "data" / "logs" / "service.log"
    for handler in [each for each in root.handlers if each not in kept]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.warns_in_log("a constraint is broken on purpose")
@pytest.mark.parametrize("column", ["name", "phone", "address"])
def test_a_constraint_that_an_order_breaks_leaves_nobodys_data(
    column: str, street: Street, buyer: ShopClient, log: Path
) -> None:
    street.shop.executor.chore(
        lambda database: database.execute(f"CREATE UNIQUE INDEX only_once ON order_contacts ({column})")
    ).result(30)
    answers = [_order(street, buyer.token, key) for key in ("key-00000001", *["key-00000002"] * 4)]
    assert [answer.status_code for answer in answers] == [201, 503, 503, 500, 500]
    told = "".join(answer.text for answer in answers[1:])
    errors = str(street.shop.rows("command_failures", "last_error"))
    written = log.read_text(encoding="utf-8")
    assert "only_once" in written or f"order_contacts.{column}" in written
    assert "IntegrityError" in written and "IntegrityError" in errors
    for place in (told, errors, written):
        assert CANARY not in place and "13800138000" not in place and "0138000" not in place


def _order(street: Street, token: str, key: str) -> httpx.Response:
    body = {
        "lines": [{"sku_id": "p1-s", "qty": 1}],
        "delivery_kind": "express",
        "contact": CONTACT,
        "expected_total_fen": 6800,
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return httpx.post(f"{street.url}/shop/v1/orders", json=body, headers=headers)
