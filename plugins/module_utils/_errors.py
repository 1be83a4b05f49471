# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception the collection's library raises on purpose."""

from __future__ import annotations


class FarmError(Exception):
    """A failure an operator can act on.

    The message says what was wrong, where, and what to do. Modules turn it into one
    ``fail_json``; command lines print it and exit with status 1.
    """


class NotYetError(FarmError):
    """What an earlier step writes does not exist.

    In check mode the earlier step did not write, so this is no failure there: what a real run would do
    cannot be told yet.
    """
