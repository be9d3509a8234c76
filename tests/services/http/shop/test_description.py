"""The description of the API: committed, served, and true."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from app.kernel.resources import ROOT
from services.db.engine import Store
from services.http.buckets import Rate
from services.http.shop.limits import Rates
from services.http.shop.routes import description
from tests.support.street import Street, open_street

COMMITTED = ROOT.parent / "docs" / "openapi.json"
UNLIMITED = Rate(1_000_000, 1_000_000)
KEYS = itertools.count(1)
NOTHING_TO_SPOIL = ("GET /shop/v1/shop", "GET /shop/v1/categories")
BOUNDED = settings(
    max_examples=25,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path, Rates(*[UNLIMITED] * 6)) as street:
        street.shop.product(stock=10)
        yield street


def test_the_committed_description_is_the_programs_own(street: Street) -> None:
    """After a change on purpose: ``python -m services.http.shop.describe``."""
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(description()))
    assert httpx.get(f"{street.url}/openapi.json", trust_env=False).json() == committed


@pytest.mark.warns_in_log("WeChat knows none of the generated login codes")
def test_every_route_does_what_its_description_says(street: Street) -> None:
    schema = schemathesis.openapi.from_url(f"{street.url}/openapi.json")
    with street.buyer() as buyer:
        headers = {"Authorization": f"Bearer {buyer.token}"}
        operations = [result.ok() for result in schema.get_all_operations()]
        assert len(operations) >= 9
        for operation in operations:
            _try(operation, headers)


def tidy(case: schemathesis.Case) -> None:
    """What no description can say: whole numbers have no point, and a new wish has a new key."""
    case.body = whole_numbers(case.body)
    if "idempotency-key" in case.headers:
        case.headers["idempotency-key"] = f"key-{next(KEYS):08d}"


def whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole_numbers(each) for name, each in value.items()}
    return [whole_numbers(each) for each in value] if isinstance(value, list) else value


def _try(operation: schemathesis.APIOperation, headers: dict[str, str]) -> None:
    """Requests that fit, and requests that do not: the answers have to follow the description either way."""

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
    def fitting(case: schemathesis.Case) -> None:
        tidy(case)
        case.call_and_validate(headers=headers)

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    def spoiled(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers)

    fitting()
    if operation.label not in NOTHING_TO_SPOIL:
        spoiled()
