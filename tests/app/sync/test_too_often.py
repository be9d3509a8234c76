"""A service that asks for patience is not gone and has not refused anything: the line waits as long as it says."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.sync.http import Address, HttpTransport
from app.sync.transport import Unreachable


class Patient(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"code": "too_often", "params": {"seconds": 7}}'
        self.send_response(429)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests print what they measured, and nothing else."""


def test_who_asked_too_often_comes_again_when_told() -> None:
    with HTTPServer(("127.0.0.1", 0), Patient) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        line = HttpTransport(lambda: Address(f"http://127.0.0.1:{server.server_port}", "token"))
        with pytest.raises(Unreachable) as refused:
            line.sums()
        line.close()
        thread.join()
    assert refused.value.retry_after_s == 7
