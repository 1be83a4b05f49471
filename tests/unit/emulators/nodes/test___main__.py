# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from emulators.nodes.__main__ import _node
from emulators.nodes.node import NodeOptions


def test_what_only_molecule_reads_is_left_out_of_a_nodes_options() -> None:
    platform = {"name": "node1", "groups": ["farm_nodes"], "children": [], "root_disk": True}
    assert _node(platform) == NodeOptions("node1", root_disk=True)


def test_an_option_that_no_node_has_is_an_error() -> None:
    with pytest.raises(TypeError, match="instance_store_gb"):
        _node({"name": "node1", "instance_store_gb": 4})
