# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names in S3 that playbooks need."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def playbook_names(manifests: str, results: str) -> dict[str, str]:
    """Return what is where below the prefixes of manifests and of results, by what it is.

    Raises:
        FarmError: a prefix is not ``s3://<bucket>[/<key>]``.
    """
    counts, farm = S3Uri.parse(manifests), S3Uri.parse(results)
    names = {
        "table": counts.join("page_counts_master.csv"),
        "shards": counts.join("shards"),
        "summary": counts.join("shards", "shard_summary.json"),
        "status": farm.join("status"),
        "report": farm.join("_report"),
        "report_page": farm.join("_report", "index.html"),
    }
    return {name: str(uri) for name, uri in names.items()}
