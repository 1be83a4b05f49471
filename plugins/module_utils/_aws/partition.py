# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of AWS that a region belongs to, which every ARN begins with."""

from __future__ import annotations


def partition_of(region: str) -> str:
    """Return ``aws``, or ``aws-cn``, ``aws-us-gov`` and the like for regions that are apart from the others.

    A region that botocore does not know counts to ``aws``, as those of other servers than AWS's.
    """
    from botocore.exceptions import UnknownRegionError
    from botocore.session import get_session

    try:
        return str(get_session().get_partition_for_region(region))
    except UnknownRegionError:
        return "aws"
