# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from emulators.nodes.bridge import address, remove_link


def test_nodes_of_one_fleet_have_different_addresses_of_its_subnet() -> None:
    addresses = [address("198.18.7", position) for position in range(4)]
    assert len(set(addresses)) == 4
    assert {each.rpartition(".")[0] for each in addresses} == {"198.18.7"}


def test_no_node_has_the_bridges_own_address() -> None:
    assert "198.18.7.1" not in [address("198.18.7", position) for position in range(8)]


def test_removing_a_link_that_is_gone_is_no_error() -> None:
    remove_link("no-such-link")
