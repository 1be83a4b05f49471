# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.xids import (
    FATAL,
    RESTART,
    PciAddress,
    Xid,
    parse_xids,
)


@pytest.mark.parametrize("text", ["0000:00:1e", "00000000:00:1E.0", "0000:00:1e.0", "0:0:1E"])
def test_an_address_is_the_same_however_it_is_written(text: str) -> None:
    assert PciAddress.parse(text) == PciAddress(0, 0, 0x1E)


@pytest.mark.parametrize("text", ["", "00:1e", "0000:00:xx", "GPU"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        PciAddress.parse(text)


def test_xids_are_found_in_every_form_the_driver_has() -> None:
    lines = [
        "Linux version 6.1.112-122.189.amzn2023.x86_64",
        "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.133.20",
        "NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
        "Nov 24 12:00:00 ip-10-0-0-1 kernel: NVRM: Xid (PCI:0000:00:1b): 31, pid=4711, name=python, MMU Fault",
        "NVRM: Xid (0000:00:1c): 63",
        "NVRM: GPU at PCI:0000:00:1e: GPU-8f3c",
    ]
    assert parse_xids(lines) == [
        Xid(PciAddress(0, 0, 0x1E), 79, "pid='<unknown>', name=<unknown>, GPU has fallen off the bus."),
        Xid(PciAddress(0, 0, 0x1B), 31, "pid=4711, name=python, MMU Fault"),
        Xid(PciAddress(0, 0, 0x1C), 63, ""),
    ]


def test_an_xid_is_either_fatal_or_its_programs_trouble() -> None:
    assert not FATAL & RESTART
    assert {48, 79} <= FATAL
    assert {13, 31, 43, 45, 94} == RESTART
