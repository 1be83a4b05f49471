# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents that the page names: those that failed, those without their formulas, and the worst of those done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import one_line, printable
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.words import console_link, cut_of, percent

# Documents of each class that are named; of forty shards' failures all that shard_info names would be megabytes.
MOST_NAMED = 20


def failures(values: Mapping[str, Any], region: str) -> list[dict[str, Any]]:
    """Return each class of failures, the most frequent first, with the documents that are named.

    Args:
        values: what ``shard_info`` returned.
        region: region for links into AWS's console; empty for no links.
    """
    counts: Counter[str] = Counter()
    for shard in [*cut_of(values), values["no_shard"]]:
        counts.update(shard["failures"])
    return _by_class(counts, values["failed_documents"], region)


def without_formulas(values: Mapping[str, Any], region: str) -> list[dict[str, Any]]:
    """Return the same of the documents that are done, but whose formulas could not be read."""
    return _by_class(values["formula_failures"], values["documents_without_formulas"], region)


def _by_class(counts: Mapping[str, int], documents: Iterable[Mapping[str, Any]], region: str) -> list[dict[str, Any]]:
    named: dict[str, list[dict[str, Any]]] = {name: [] for name in counts}
    for document in documents:
        of_class = named.setdefault(document["class"], [])
        if len(of_class) < MOST_NAMED:
            of_class.append(
                {
                    "document": _place(document["uri"], region),
                    "shard": document["shard"],
                    "attempts": document["attempts"],
                    "message": one_line(document["message"]),
                    "log": _place(document["log"], region),
                }
            )
    failed = sum(counts.values())
    return [
        {"class": printable(name), "count": count, "share": percent(count, failed), "documents": named[name]}
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def worst(values: Mapping[str, Any], region: str) -> list[dict[str, Any]]:
    """Return the documents whose text has the lowest scores, the lowest first; see :func:`failures`."""
    return [
        {
            "document": _place(document["uri"], region),
            "score": f"{document['score']:.3f}",
            "pages": sum(document["verdicts"].values()),
            "bad": sum(document["verdicts"].get(verdict, 0) for verdict in ("poor", "empty")),
            "sources": ", ".join(
                f"{pages:,} {printable(source)}" for source, pages in sorted(document["pages"].items())
            ),
            "text": _place(document["markdown"], region),
            "measures": _place(document["quality"], region),
        }
        for document in values["worst_documents"]
    ]


def _place(uri: str | None, region: str) -> dict[str, str]:
    """Return an object's address and where it can be looked at, either empty where there is none."""
    return {"uri": printable(uri or ""), "link": console_link(uri, region)}
