# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import subprocess
import sys
from ipaddress import ip_address

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.listening import listening_on


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "0.0.0.0", "::1", "::"])  # noqa: S104 - is to be found
def test_a_socket_is_found_with_its_address(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert listening_on(listener.getsockname()[1], [os.getpid()]) == {ip_address(address)}


def test_another_process_and_a_socket_that_does_not_listen_are_not_it() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        subprocess.Popen([sys.executable, "-Sc", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as other,
        socket.create_connection(listener.getsockname()) as connection,
    ):
        assert listening_on(listener.getsockname()[1], [other.pid]) == set()
        assert listening_on(connection.getsockname()[1], [os.getpid()]) == set()
        other.kill()
    assert listening_on(1, [other.pid]) == set()


def test_an_address_of_ipv4_in_one_of_ipv6_is_that() -> None:
    with socket.socket(socket.AF_INET6) as listener:
        try:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            listener.bind(("::ffff:127.0.0.1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        listener.listen()
        assert listening_on(listener.getsockname()[1], [os.getpid()]) == {ip_address("127.0.0.1")}
