# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from emulators.nodes.keeper import Boot


def test_a_keeper_reads_what_it_was_told() -> None:
    boot = Boot("f1-0", "/nodes/node1", ["/top", "/base"], "", {"etc/hostname": "node1"}, ["systemd-nspawn"])
    assert Boot(**json.loads(boot.to_json())) == boot
