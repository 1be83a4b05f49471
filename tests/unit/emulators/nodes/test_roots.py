# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from emulators.nodes.roots import partition, root_disk


def test_a_loop_devices_first_partition_is_named_as_the_kernel_does() -> None:
    assert partition(Path("/dev/loop12")) == Path("/dev/loop12p1")


def test_each_nodes_root_disk_is_in_its_own_folder() -> None:
    assert root_disk(Path("/a/node1")).parent == Path("/a/node1")
