# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page shows, worked out from what ``shard_info`` returns: the template only places it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import SECONDS_PER_HOUR, dollars, duration
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import mean_of_known
from ansible_collections.glossapi.farm.plugins.plugin_utils.report import charts
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.words import (
    console_link,
    one_line,
    point_in_time,
    printable,
)

# Labels below a chart, from its start to its end.
_TIME_LABELS = 4
_MEBIBYTES_PER_GIBIBYTE = 1024
_BYTES_PER_GIGABYTE = 1e9


def page_values(values: Mapping[str, Any], title: str, console_region: str) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        values: what ``shard_info`` returned.
        title: the farm's name.
        console_region: region for links into AWS's console; empty for no links.
    """
    shards = values["shards"]
    seen = [shard["updated_at"] for shard in shards if shard["updated_at"] is not None]
    return {
        "title": printable(title),
        "as_of": point_in_time(max(seen)) if seen else "",
        "account": values["reconciliation"],
        "no_shard": values["no_shard"],
        "problems": [one_line(problem) for problem in values["reconciliation"]["problems"]],
        "attention": [one_line(sentence) for sentence in values["attention"]],
        "skipped": sorted(values["skipped_by_reason"].items()),
        "tiles": _tiles(values),
        "shards": _shard_rows([*shards, *_no_shard(values)]),
        "balance": _balance(values["balance"]),
        "throughput": _throughput(shards),
        "nodes": _nodes(shards),
        "durations": _durations(values["durations"]),
        "failures": _failures(values, console_region),
        "box": {"width": charts.WIDTH, "height": charts.HEIGHT},
    }


def _tiles(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the numbers that are asked for first, each with what it is."""
    shards, costs, eta = [*values["shards"], values["no_shard"]], values["costs"], values["eta_seconds"]
    tiles = [
        (f"{sum(shard['pages_done'] for shard in shards):,}", f"of {sum(shard['pages'] for shard in shards):,} pages"),
        (f"{values['pages_per_second']:.1f}", "pages a second now"),
    ]
    if values["reconciliation"]["pending"]:
        tiles.append(("unknown" if eta is None else duration(eta), "until the last shard is finished"))
    if costs is not None:
        tiles.append((dollars(costs["usd"]), f"for {costs['node_seconds'] / SECONDS_PER_HOUR:.2f} node hours"))
        if costs["usd_per_1000_pages"] is not None:
            tiles.append((dollars(costs["usd_per_1000_pages"]), "for 1,000 pages"))
    return tiles


def _no_shard(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is in no shard in the shape of one; nothing where every document is in one."""
    if not values["no_shard"]["documents"]:
        return []
    nobody = {"shard": "none", "state": "", "silent": False, "node": "", "pages_per_second": 0.0}
    return [nobody | dict(values["no_shard"])]


def _shard_rows(shards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    most = max((shard["pages"] for shard in shards), default=0)
    return [
        {name: shard[name] for name in ("shard", "state", "silent", "documents", "done", "failed", "pending")}
        | {
            "node": printable(shard["node"] or ""),
            "pages": f"{shard['pages']:,}",
            "rate": f"{shard['pages_per_second']:.1f}",
            "bars": charts.stack(
                {"done": shard["pages_done"], "failed": shard["pages_failed"], "pending": _pages_pending(shard)}, most
            ),
        }
        for shard in shards
    ]


def _pages_pending(shard: Mapping[str, Any]) -> int:
    return int(shard["pages"] - shard["pages_done"] - shard["pages_failed"])


def _balance(balance: Mapping[str, Any]) -> str:
    """Return how even the cut is, as a sentence."""
    if balance["imbalance"] is None or balance["imbalance_lower_bound"] is None:
        return ""
    return (
        f"The slowest shard has {balance['imbalance']:.4f} times an even share of the pages; no cut of these documents "
        f"has less than {balance['imbalance_lower_bound']:.4f}."
    )


def _throughput(shards: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    rates = charts.total_rate(
        [[(point["time"], point["pages_done"]) for point in shard["history"]] for shard in shards]
    )
    if not rates:
        return None
    top = charts.round_up(max(rate for _time, rate in rates))
    start, end = rates[0][0], rates[-1][0]
    return {"path": charts.polyline(rates, start, end, top), "scale": _scale(top), "times": _times(start, end)}


def _scale(top: float) -> list[str]:
    return [f"{value:g}" for value in (top, top / 2, 0)]


def _times(start: float, end: float) -> list[str]:
    step = (end - start) / (_TIME_LABELS - 1)
    return [point_in_time(start + number * step) for number in range(_TIME_LABELS)]


def _nodes(shards: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each node's last sample, and its GPUs' utilization over the time of all."""
    times = [point["time"] for shard in shards for point in shard["history"]]
    start, end = min(times, default=0.0), max(times, default=0.0)
    rows = [_node(shard, start, end) for shard in shards if shard["machine"] or shard["history"]]
    return {"rows": rows, "times": _times(start, end)}


def _node(shard: Mapping[str, Any], start: float, end: float) -> dict[str, Any]:
    utilization = [(point["time"], mean_of_known(point["utilization"])) for point in shard["history"]]
    known = [value for _time, value in utilization if value is not None]
    machine = shard["machine"] or {"gpus": [], "disk_bytes": 0, "disk_free_bytes": 0}
    return {
        "shard": shard["shard"],
        "node": printable(shard["node"] or ""),
        "path": charts.polyline(utilization, start, end, 100.0) if len(known) > 1 else "",
        "mean": f"{fmean(known):.0f} %" if known else "",
        "gpus": [_gpu(gpu) for gpu in machine["gpus"]],
        "disk": (
            f"{machine['disk_free_bytes'] / _BYTES_PER_GIGABYTE:,.0f} of "
            f"{machine['disk_bytes'] / _BYTES_PER_GIGABYTE:,.0f} GB free"
            if machine["disk_bytes"]
            else ""
        ),
        "drained": [f"{printable(slot)}: {one_line(reason)}" for slot, reason in sorted(shard["drained"].items())],
    }


def _gpu(gpu: Mapping[str, Any]) -> str:
    """Return a GPU's last sample in words; what the driver does not say is left out."""
    words = [f"GPU {gpu['index']}"]
    if gpu["utilization"] is not None:
        words.append(f"{gpu['utilization']:.0f} %")
    if gpu["memory_used"] is not None and gpu["memory_total"] is not None:
        used, total = (gpu[name] / _MEBIBYTES_PER_GIBIBYTE for name in ("memory_used", "memory_total"))
        words.append(f"{used:.1f} of {total:.1f} GiB")
    if gpu["temperature"] is not None:
        words.append(f"{gpu['temperature']:.0f} °C")
    return ", ".join(words)


def _durations(durations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the classes of durations from the first to the last that any document is in."""
    counted = [number for number, each in enumerate(durations) if each["documents"]]
    if not counted:
        return []
    most = max(each["documents"] for each in durations)
    longest = max(each["seconds"] for each in durations if each["seconds"] is not None)
    return [
        {
            "label": f"over {longest} s" if each["seconds"] is None else f"up to {each['seconds']} s",
            "bars": charts.stack({"done": each["documents"]}, most),
            "count": f"{each['documents']:,}",
        }
        for each in durations[counted[0] : counted[-1] + 1]
    ]


def _failures(values: Mapping[str, Any], console_region: str) -> list[dict[str, Any]]:
    """Return each class of failures, the most frequent first, with the documents that are named."""
    counts: Counter[str] = Counter()
    for shard in [*values["shards"], values["no_shard"]]:
        counts.update(shard["failures"])
    named: dict[str, list[dict[str, Any]]] = {name: [] for name in counts}
    for document in values["failed_documents"]:
        named.setdefault(document["class"], []).append(
            {
                "uri": printable(document["uri"]),
                "shard": document["shard"],
                "attempts": document["attempts"],
                "message": one_line(document["message"]),
                "log": printable(document["log"] or ""),
                "link": console_link(document["log"], console_region),
            }
        )
    return [
        {"class": printable(name), "count": count, "documents": named[name]}
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
