# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page shows, worked out from what ``shard_info`` returns: the template only places it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import (
    SECONDS_PER_HOUR,
    counted,
    dollars,
    one_line,
    printable,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.plugin_utils.report import charts, documents
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.stage import (
    finish_of,
    is_running,
    rate_of,
    stage_values,
)
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.words import (
    percent,
    point_in_time,
)

_OUTCOMES = {
    "good_by_layer": "good by their text layer",
    "good_by_ocr": "good by OCR",
    "poor": "poor: no text came of them",
    "failed": "failed in another way",
    "pending": "pending",
}


def page_values(reports: Sequence[Mapping[str, Any]], title: str, console_region: str) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        reports: what ``shard_info`` returned of each stage, in their order; the account is the last one's.
        title: the farm's name.
        console_region: region for links into AWS's console; empty for no links.
    """
    last = reports[-1]
    seen = [shard["updated_at"] for each in reports for shard in each["shards"] if shard["updated_at"] is not None]
    return {
        "title": printable(title),
        "as_of": point_in_time(max(seen)) if seen else "",
        "account": last["reconciliation"],
        "no_shard": last["no_shard"],
        "problems": [one_line(problem) for problem in last["reconciliation"]["problems"]],
        "outcomes": _outcomes(last["outcomes"]),
        "attention": _attention(reports),
        "skipped": sorted(last["skipped_by_reason"].items()),
        "tiles": _tiles(reports),
        "failures": documents.failures(last, console_region),
        "without_formulas": documents.without_formulas(last, console_region),
        "worst": documents.worst(last, console_region),
        "stages": [stage_values(each) for each in reports],
        "box": {"width": charts.WIDTH, "height": charts.HEIGHT},
    }


def _outcomes(outcomes: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return what came of all documents: a bar of their pages, and each part in words."""
    pages = {kind: outcomes[kind]["pages"] for kind in _OUTCOMES}
    return {
        "bars": charts.stack({kind: count for kind, count in pages.items() if count}, sum(pages.values())),
        "parts": [
            {
                "kind": kind,
                "meaning": meaning,
                "documents": counted(outcomes[kind]["documents"], "document", "documents"),
                "pages": counted(outcomes[kind]["pages"], "page", "pages"),
            }
            for kind, meaning in _OUTCOMES.items()
        ],
    }


def _attention(reports: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what wants attention; where there are several stages, whatever not all of them say with its stage."""
    common = [
        sentence for sentence in reports[-1]["attention"] if all(sentence in each["attention"] for each in reports)
    ]
    rest = [
        f"stage {each['stage']}, {sentence}"
        for each in reversed(reports)
        for sentence in each["attention"]
        if sentence not in common
    ]
    return [one_line(sentence) for sentence in [*rest, *common]]


def _tiles(reports: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the numbers that are asked for first, each with what it is."""
    last = reports[-1]
    outcomes, costs = last["outcomes"], last["costs"]
    pages = sum(each["pages"] for each in outcomes.values())
    ended = pages - outcomes["pending"]["pages"]
    tiles = [(percent(ended, pages), f"{ended:,} of {counted(pages, 'page', 'pages')} done or failed")]
    if last["reconciliation"]["pending"]:
        found = finish_of(last)
        tiles.append(("unknown", "when it is finished") if found is None else found)
    rate = rate_of(last)
    if rate is not None:
        when = "now" if is_running(last) else "while it ran"
        tiles.append((f"{rate:.1f}", f"pages a second {when}, stage {last['stage']}"))
    # Whose formulas stage math has read, stage text has measured before: each document counts once.
    first = [each for each in reports if each["stage"] != Stage.MATH]
    measured = [shard["quality"] for each in first for shard in each["shards"] if shard["quality"]]
    if measured:
        scored = sum(each["documents"] for each in measured)
        mean = sum(each["score"] * each["documents"] for each in measured) / scored
        tiles.append((f"{mean:.3f}", f"mean score of the text, 0 to 1, of {counted(scored, 'document', 'documents')}"))
    if costs is not None:
        tiles.append((dollars(costs["usd"]), f"for {costs['node_seconds'] / SECONDS_PER_HOUR:.2f} node hours"))
        if costs["usd_per_1000_pages"] is not None:
            tiles.append((dollars(costs["usd_per_1000_pages"]), "for 1,000 pages"))
    return tiles
