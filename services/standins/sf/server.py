"""Runs the pretended SF Express on the loopback interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.adapters.sf.client import PATH
from services.standins.loopback import LOOPBACK, Lines, serving
from services.standins.sf.standin import SfStandIn


def create_app(standin: SfStandIn) -> Starlette:
    async def service(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True))
        body = await run_in_threadpool(standin.answer, form)
        return Response(body, media_type="application/json; charset=utf-8")

    return Starlette(routes=[Route(PATH, service, methods=["POST"])])


@contextmanager
def running(standin: SfStandIn, port: int = 0) -> Iterator[str]:
    """Serve a stand-in from a thread of this process; yields its address, and port 0 takes a free one."""
    with serving(create_app(standin), Lines(), port) as taken:
        yield f"http://{LOOPBACK}:{taken}"
