# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command ends with: its exit status, and one sentence where it failed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from .._errors import FarmError
from .._s3.errors import from_botocore

FAILED = 1
# As shells say it of a process that SIGINT ended.
INTERRUPTED = 130


def exit_status(work: Callable[[], None]) -> int:
    """Do the work and return the exit status; what an operator can act on is told in one sentence on stderr."""
    from botocore.exceptions import BotoCoreError

    try:
        work()
    except FarmError as error:
        return _tell(str(error), FAILED)
    except BotoCoreError as error:
        # The profile, for example, or the region.
        return _tell(str(from_botocore(error, "reach S3")), FAILED)
    except KeyboardInterrupt as stop:
        return _tell(f"Interrupted. {stop}".rstrip(), INTERRUPTED)
    return 0


def _tell(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
