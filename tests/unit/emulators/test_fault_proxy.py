# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from emulators.fault_proxy import Fault, FaultProxy, Rule

pytestmark = pytest.mark.server

BODY = b"0123456789"


class _Origin(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    puts: list[bytes]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("X-Host", self.headers["Host"])
        self.end_headers()
        self.wfile.write(BODY)

    def do_PUT(self) -> None:
        self.puts.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests read no log."""


@pytest.fixture
def origin() -> Iterator[str]:
    _Origin.puts = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Origin) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(origin: str) -> Iterator[FaultProxy]:
    with FaultProxy(origin) as proxy:
        yield proxy


@pytest.fixture
def connection(proxy: FaultProxy) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(proxy.endpoint_url).netloc, timeout=10)
    yield connection
    connection.close()


def get(connection: http.client.HTTPConnection, path: str = "/b/k") -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Range": "bytes=0-9"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_requests_pass_unchanged_on_one_connection(proxy: FaultProxy, connection: http.client.HTTPConnection) -> None:
    for _ in range(3):
        assert get(connection) == (200, BODY)
    connection.request("GET", "/b/k")
    answer = connection.getresponse()
    assert answer.getheader("X-Host") == urlsplit(proxy.endpoint_url).netloc
    answer.read()
    assert [(each.method, each.path, each.range, each.bytes) for each in proxy.log] == [
        *[("GET", "/b/k", "0-9", 10)] * 3,
        ("GET", "/b/k", "", 10),
    ]


def test_a_rule_hits_the_requests_it_names(proxy: FaultProxy, connection: http.client.HTTPConnection) -> None:
    proxy.rules = [Rule(Fault.SLOW_DOWN, "GET", "/b/k$", skip=1, times=1)]
    assert get(connection)[0] == 200
    assert get(connection, "/b/other")[0] == 200
    status, body = get(connection)
    assert status == 503
    assert b"<Code>SlowDown</Code>" in body
    assert get(connection)[0] == 200


def test_a_rule_spares_requests_with_something_in_their_head(
    proxy: FaultProxy, connection: http.client.HTTPConnection
) -> None:
    proxy.rules = [Rule(Fault.ACCESS_DENIED, unless="^x-token: yes")]
    statuses = []
    for token in ("yes", "no"):
        connection.request("GET", "/b/k", headers={"X-Token": token})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert statuses == [200, 403]


def test_a_truncated_body_ends_in_its_middle(proxy: FaultProxy, connection: http.client.HTTPConnection) -> None:
    proxy.rules = [Rule(Fault.TRUNCATED)]
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(connection)
    assert caught.value.partial == BODY[:5]


def test_a_reset_is_no_answer(proxy: FaultProxy, connection: http.client.HTTPConnection) -> None:
    proxy.rules = [Rule(Fault.RESET)]
    with pytest.raises(ConnectionError):
        get(connection)


def test_a_lost_reply_comes_after_the_write(proxy: FaultProxy, connection: http.client.HTTPConnection) -> None:
    proxy.rules = [Rule(Fault.REPLY_LOST, "PUT")]
    connection.request("PUT", "/b/k", b"written")
    with pytest.raises(ConnectionError):
        connection.getresponse()
    assert _Origin.puts == [b"written"]


def test_chances_are_the_same_for_the_same_seed(origin: str) -> None:
    outcomes = []
    for _ in range(2):
        with FaultProxy(origin, [Rule(Fault.ACCESS_DENIED, probability=0.5)], seed=7) as proxy:
            connection = http.client.HTTPConnection(urlsplit(proxy.endpoint_url).netloc, timeout=10)
            outcomes.append([get(connection)[0] for _ in range(20)])
            connection.close()
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0]) == {200, 403}
