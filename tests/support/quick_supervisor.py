# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor that works off a queue, with leases and messages that end in seconds: run as a program."""

from __future__ import annotations

import os
import sys

from ansible_collections.glossapi.farm.plugins.module_utils._queue import decision
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import service
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import lease
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import queued_work, taking

LEASE_SECONDS = 15.0
VISIBILITY_SECONDS = 20


def hurry() -> None:
    """Have in this process all pauses of a queue end soon."""
    lease._SECONDS = LEASE_SECONDS
    lease._RENEWAL_SECONDS = 1.0
    defaults = lease.Lease.__init__.__kwdefaults__
    assert defaults is not None
    defaults["seconds"] = LEASE_SECONDS
    for module in (taking, queued_work):
        vars(module)["VISIBILITY_SECONDS"] = VISIBILITY_SECONDS
    for module in (taking, decision):
        vars(module)["HELD_SECONDS"] = 3
    queued_work.Pace.__init__.__defaults__ = (1, 3.0, 5.0)


if __name__ == "__main__":
    hurry()
    status = service.main(sys.argv[1:])
    # As the service itself ends.
    os._exit(status)
