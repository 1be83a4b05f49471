# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stage on the page: its shards against each other, and its nodes side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import counted, one_line, printable
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import mean_of_known
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import BROKEN
from ansible_collections.glossapi.farm.plugins.module_utils._records.slots import by_reason
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.plugin_utils.report import charts
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.words import (
    cut_of,
    percent,
    point_in_time,
    time_of_day,
    written_time,
)

_TITLES = {
    Stage.TEXT: "the text layer of every document",
    Stage.OCR: "recognising the pages whose text layer is no text",
    Stage.MATH: "reading the formulas of documents whose text layer is good",
}
# Steps of a rate over the whole time of a farm, about five pixels each; and in the small chart of a node.
_STEPS = 120
_NODE_STEPS = 40
# Labels below a chart, from its start to its end; to the second where it is shorter than this.
_TIME_LABELS = 4
_SHORT_SECONDS = 600
_MEBIBYTES_PER_GIBIBYTE = 1024
_BYTES_PER_GIGABYTE = 1e9
_ENDED_ILL = frozenset({BROKEN, "failed"})
# Of what no supervisor has for itself.
_NOBODY = {"state": "", "silent": False, "node": "", "pages_per_second": 0.0, "quality": None}

Values = Mapping[str, Any]


def stage_values(values: Values) -> dict[str, Any]:
    """Return what the page has of one stage.

    Args:
        values: what ``shard_info`` returned of the stage.
    """
    stage, shards = Stage(values["stage"]), values["shards"]
    pieces, cut = values["pieces"], cut_of(values)
    most = max((_size(shard, stage) for shard in cut), default=0)
    all_shards = [*(shards if pieces is None else [_NOBODY | pieces | {"shard": "pieces"}]), *_no_shard(values)]
    pending = sum(shard["waiting"] for shard in cut)
    running = any(shard["state"] == "running" for shard in shards)
    facts = [_ended(cut, stage)]
    if pieces is not None:
        facts.append(_pieces(pieces))
    if running and pending:
        facts += _finish(values)
    facts += _rate(values)
    return {
        "name": stage.value,
        "title": _TITLES[stage],
        "open": running or pending > 0,
        "facts": facts,
        "quality": _quality(shards),
        "balance": _balance(values["balance"]),
        "hands_on": any(shard["forwarded"] for shard in all_shards) and stage is Stage.TEXT,
        "measured": any(shard["quality"] for shard in shards),
        "times_known": any(_expected(shard) for shard in all_shards),
        "of_pieces": pieces is not None,
        "supervisors": [] if pieces is None else [_supervisor_row(shard) for shard in shards],
        "shards": [_shard_row(shard, stage, most) for shard in all_shards],
        "throughput": _throughput(shards),
        "nodes": _nodes(shards, of_pieces=pieces is not None),
        "durations": _durations(values["durations"]),
    }


def rate_of(values: Values) -> float | None:
    """Return how many pages a second the stage's shards do, or did while they ran where none runs any more.

    ``None`` where they have not told it.
    """
    shards = values["shards"]
    if is_running(values):
        return sum(_rate_now(shard) for shard in shards if shard["state"] == "running")
    means = [mean for shard in shards if (mean := _mean_rate(shard)) is not None]
    return sum(means) if means else None


def is_running(values: Values) -> bool:
    """Whether any of the stage's shards runs."""
    return any(shard["state"] == "running" for shard in values["shards"])


def finish_of(values: Values) -> tuple[str, str] | None:
    """Return when the stage will be finished and what that is; ``None`` where nobody knows."""
    finish = values["finish"]
    if finish is None:
        return None
    between = f"between {written_time(finish['earliest'])} and {written_time(finish['latest'])}"
    return written_time(finish["expected"]), f"UTC, its finish by the rates of now; {between}"


def _finish(values: Values) -> list[str]:
    found = finish_of(values)
    return ["nobody can tell when it is finished"] if found is None else [" ".join(found)]


def _rate(values: Values) -> list[str]:
    rate = rate_of(values)
    return [] if rate is None else [f"{rate:.1f} pages a second {'now' if is_running(values) else 'while it ran'}"]


def _rate_now(shard: Values) -> float:
    rate = shard.get("rate")
    return float(shard["pages_per_second"] if rate is None else rate)


def _mean_rate(shard: Values) -> float | None:
    """Return how many pages a second the shard did from its first moment to its last; ``None`` where it has one."""
    history = shard.get("history") or []
    if len(history) < 2 or history[-1]["time"] <= history[0]["time"]:
        return None
    grown = history[-1]["pages_done"] - history[0]["pages_done"]
    return float(max(0.0, grown / (history[-1]["time"] - history[0]["time"])))


def _rate_cell(shard: Values) -> str:
    """Return the rate of now, or of a shard that has finished the mean."""
    rate = _mean_rate(shard) if shard["state"] == "finished" else _rate_now(shard)
    return "" if rate is None else f"{rate:.1f}"


def _expected(shard: Values) -> str:
    finish = shard.get("finish")
    return written_time(finish["expected"]) if finish and finish["expected"] else ""


def _size(shard: Values, stage: Stage) -> int:
    """Return the shard's size in what the stage's progress is told in: pages; of stage math documents."""
    return int(shard["documents" if stage is Stage.MATH else "pages"])


def _parts(shard: Values, stage: Stage) -> dict[str, int]:
    """Return what became of the shard's whole size, by kind."""
    if stage is Stage.MATH:
        # Its documents are done, whatever becomes of their formulas.
        return {"done": shard["documents"] - shard["waiting"], "pending": shard["waiting"]}
    parts = {
        "done": shard["pages_done"],
        "forwarded": shard["pages_forwarded"] if stage is Stage.TEXT else 0,
        "failed": shard["pages_failed"],
    }
    return {**parts, "pending": shard["pages"] - sum(parts.values())}


def _ended(shards: Sequence[Values], stage: Stage) -> str:
    whole = sum(_size(shard, stage) for shard in shards)
    left = sum(_parts(shard, stage)["pending"] for shard in shards)
    documents = sum(shard["waiting"] for shard in shards)
    words = ("document", "documents") if stage is Stage.MATH else ("page", "pages")
    return (
        f"{percent(whole - left, whole)} of {counted(whole, *words)}, "
        f"{counted(documents, 'document', 'documents')} pending"
    )


def _no_shard(values: Values) -> list[dict[str, Any]]:
    """Return what is in no shard in the shape of one; nothing where every document is in one."""
    if not values["no_shard"]["documents"]:
        return []
    return [_NOBODY | {"shard": "none"} | dict(values["no_shard"])]


def _pieces(pieces: Values) -> str:
    waiting = pieces["number"] - pieces["finished"] - pieces["in_work"]
    return (
        f"{pieces['finished']:,} of {counted(pieces['number'], 'piece', 'pieces')} finished, "
        f"{pieces['in_work']:,} in work, {waiting:,} waiting"
    )


def _supervisor_row(shard: Values) -> dict[str, Any]:
    """Return what a supervisor that takes pieces has ended since it started."""
    return {
        "shard": shard["shard"],
        "node": printable(shard["node"] or ""),
        "state": _state(shard),
        "is_ill": _is_ill(shard),
        "documents": f"{shard['helped']:,}",
        "pages": f"{shard['pages_helped']:,}",
        "pieces": ", ".join(map(str, shard["helping"])) if shard["state"] == "running" else "",
        "rate": _rate_cell(shard),
    }


def _shard_row(shard: Values, stage: Stage, most: int) -> dict[str, Any]:
    parts, size = _parts(shard, stage), _size(shard, stage)
    return {
        "shard": shard["shard"],
        "node": printable(shard["node"] or ""),
        "state": _state(shard),
        "is_ill": _is_ill(shard),
        "percent": percent(size - parts["pending"], size),
        "pages": f"{shard['pages']:,}",
        "documents": f"{shard['documents']:,}",
        "done": f"{shard['done']:,}",
        "forwarded": f"{shard['forwarded']:,}",
        "failed": f"{shard['failed']:,}",
        "pending": f"{shard['waiting']:,}",
        "rate": _rate_cell(shard),
        "finish": _expected(shard),
        "score": f"{shard['quality']['score']:.3f}" if shard["quality"] else "",
        # What is in no shard is more than any of them may be.
        "bars": charts.stack({kind: part for kind, part in parts.items() if part}, max(most, size)),
    }


def _state(shard: Values) -> str:
    return "silent" if shard["silent"] else str(shard["state"])


def _is_ill(shard: Values) -> bool:
    return bool(shard["silent"]) or shard["state"] in _ENDED_ILL


def _quality(shards: Sequence[Values]) -> str:
    """Return what the text is worth of what these shards have done, as a sentence; empty where none was measured."""
    measured = [shard["quality"] for shard in shards if shard["quality"]]
    documents = sum(each["documents"] for each in measured)
    if not documents:
        return ""
    score = sum(each["score"] * each["documents"] for each in measured) / documents
    verdicts, sources = (_counts(measured, name) for name in ("verdicts", "pages"))
    return (
        f"The text of {counted(documents, 'document', 'documents')} has a mean score of {score:.3f} (0 to 1); "
        f"pages by verdict: {verdicts}; by source: {sources}."
    )


def _counts(measured: Sequence[Values], name: str) -> str:
    kinds = sorted({kind for each in measured for kind in each[name]})
    return ", ".join(f"{sum(each[name].get(kind, 0) for each in measured):,} {printable(kind)}" for kind in kinds)


def _balance(balance: Values) -> str:
    """Return how even the cut is, as a sentence."""
    if balance["imbalance"] is None or balance["imbalance_lower_bound"] is None:
        return ""
    return (
        f"The slowest shard has {balance['imbalance']:.4f} times an even share of the pages; no cut of these documents "
        f"has less than {balance['imbalance_lower_bound']:.4f}."
    )


def _counter(shard: Values) -> list[tuple[float, float]]:
    return [(point["time"], point["pages_done"]) for point in shard["history"]]


def _throughput(shards: Sequence[Values]) -> dict[str, Any] | None:
    rates = charts.total_rate([_counter(shard) for shard in shards], _STEPS)
    if not rates:
        return None
    top = charts.round_up(max(rate for _time, rate in rates))
    start, end = rates[0][0], rates[-1][0]
    return {"path": charts.polyline(rates, start, end, top), "scale": _scale(top), "times": _times(start, end)}


def _scale(top: float) -> list[str]:
    return [f"{value:g}" for value in (top, top / 2, 0)]


def _times(start: float, end: float) -> list[str]:
    shown = time_of_day if end - start < _SHORT_SECONDS else point_in_time
    step = (end - start) / (_TIME_LABELS - 1)
    return [shown(start + number * step) for number in range(_TIME_LABELS)]


def _nodes(shards: Sequence[Values], *, of_pieces: bool) -> dict[str, Any]:
    """Return each node's last sample and its past, at one scale and over one time for all."""
    shards = [shard for shard in shards if shard["machine"] or shard["history"]]
    times = [point["time"] for shard in shards for point in shard["history"]]
    start, end = min(times, default=0.0), max(times, default=0.0)
    rates = [charts.total_rate([_counter(shard)], _NODE_STEPS) for shard in shards]
    top = charts.round_up(max((rate for each in rates for _time, rate in each), default=0.0))
    rows = [_node(shard, rate, start, end, top) for shard, rate in zip(shards, rates, strict=True)]
    if not of_pieces:
        for row, shard in zip(rows, shards, strict=True):
            row["facts"] += _help_facts(shard)
    times_shown = _times(start, end)
    return {
        "rows": rows,
        "top": f"{top:g}",
        "have_gpus": any(row["utilization"] for row in rows),
        "start": times_shown[0],
        "end": times_shown[-1],
    }


def _node(shard: Values, rates: Sequence[tuple[float, float]], start: float, end: float, top: float) -> dict[str, Any]:
    used = [(point["time"], mean_of_known(point["utilization"])) for point in shard["history"]]
    known = [value for _time, value in used if value is not None]
    machine = shard["machine"] or {"gpus": [], "disk_bytes": 0, "disk_free_bytes": 0}
    return {
        "shard": shard["shard"],
        "node": printable(shard["node"] or ""),
        "state": _state(shard),
        "is_ill": _is_ill(shard),
        "rate": charts.polyline(rates, start, end, top),
        "utilization": charts.polyline(charts.thinned(used, _NODE_STEPS), start, end, 100.0) if len(known) > 1 else "",
        "facts": [*_gpu_facts(machine["gpus"], known), *_disk_facts(machine)],
        "drained": [f"{printable(slots)}: {one_line(reason)}" for slots, reason in by_reason(shard["drained"])],
    }


def _gpu_facts(gpus: Sequence[Values], known: Sequence[float]) -> list[str]:
    """Return the last sample of all GPUs of a node in a few words; what the driver does not say is left out.

    Memory and temperature are those of the fullest and of the warmest.
    """
    if not gpus:
        return []
    now = ", ".join("?" if gpu["utilization"] is None else f"{gpu['utilization']:.0f}" for gpu in gpus)
    mean = mean_of_known(known)
    facts = [f"GPUs {now} %" + ("" if mean is None else f", mean {mean:.0f}")]
    with_memory = [gpu for gpu in gpus if gpu["memory_used"] is not None and gpu["memory_total"] is not None]
    if with_memory:
        fullest = max(with_memory, key=lambda gpu: gpu["memory_used"] / gpu["memory_total"])
        used, total = (fullest[name] / _MEBIBYTES_PER_GIBIBYTE for name in ("memory_used", "memory_total"))
        facts.append(f"{used:.1f} of {total:.1f} GiB")
    warmest = max((gpu["temperature"] for gpu in gpus if gpu["temperature"] is not None), default=None)
    if warmest is not None:
        facts.append(f"{warmest:.0f} °C")
    return facts


def _help_facts(shard: Values) -> list[str]:
    """Return what a node does and has done for other shards."""
    helping, helped = shard.get("helping") or [], shard.get("helped") or 0
    facts = (
        [f"helps shard {', '.join(str(each) for each in helping)}"] if helping and shard["state"] == "running" else []
    )
    return [*facts, f"{counted(helped, 'document', 'documents')} of other shards"] if helped else facts


def _disk_facts(machine: Values) -> list[str]:
    if not machine["disk_bytes"]:
        return []
    free, size = (machine[name] / _BYTES_PER_GIGABYTE for name in ("disk_free_bytes", "disk_bytes"))
    return [f"{free:,.0f} of {size:,.0f} GB free"]


def _durations(durations: Sequence[Values]) -> list[dict[str, Any]]:
    """Return the classes of durations from the first to the last that any document is in."""
    counted_classes = [number for number, each in enumerate(durations) if each["documents"]]
    if not counted_classes:
        return []
    most = max(each["documents"] for each in durations)
    longest = max(each["seconds"] for each in durations if each["seconds"] is not None)
    return [
        {
            "label": f"over {longest} s" if each["seconds"] is None else f"up to {each['seconds']} s",
            "bars": charts.stack({"done": each["documents"]}, most),
            "count": f"{each['documents']:,}",
        }
        for each in durations[counted_classes[0] : counted_classes[-1] + 1]
    ]
