# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's state as text: one line while it runs, a table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .._formatting import align, counted, duration, printable
from .._records.progress import Progress
from .._records.stage import Stage
from .account import NO_SHARD, Sums
from .costs import Costs
from .farm import Farm
from .outcomes import outcomes_of
from .outlook import FarmOutlook
from .pieces import Pieces
from .reconciliation import ShardStatus

_COLUMNS = ("shard", "node", "state", "documents", "pages", "done", "failed", "pending", "pages/s", "failures by class")
_SUPERVISOR_COLUMNS = ("supervisor", "node", "state", "last word", "documents", "pages", "pages/s")
_HELPED = ("helped", "pages_helped")
# The columns with words, which are aligned to the left.
_WORDS = {"node", "state", "last word", "failures by class"}


def progress_line(shards: Sequence[int], progress: Mapping[int, Progress], outlook: FarmOutlook) -> str:
    """Return one line on what the supervisors say now."""
    said = progress.values()
    failed = sum(each.failed for each in said)
    states = Counter(each.state for each in said)
    states["not started"] = len(shards) - len(progress)
    return (
        f"{sum(each.done for each in said)} of {sum(each.documents for each in said)} documents done, "
        f"{failed} failed, {_handed_on(said)}{sum(each.pending for each in said)} pending; "
        f"{sum(each.pages_done for each in said)} of {sum(each.pages for each in said)} pages, "
        f"{outlook.rate:.1f} pages/s, {outlook.line() or 'nothing left'}; shards: "
        + ", ".join(f"{count} {printable(state)}" for state, count in sorted(states.items()) if count)
    )


def supervisors_line(progress: Mapping[int, Progress], rate: float) -> str:
    """Return one line on what supervisors that take pieces from a queue say now.

    Args:
        progress: what each last said.
        rate: pages a second of those that live.
    """
    states = Counter(each.state for each in progress.values())
    documents, pages = (sum(getattr(each, name) for each in progress.values()) for name in _HELPED)
    in_hand = sum(len(each.helping) for each in progress.values() if each.state == "running")
    return (
        f"{documents} documents and {pages} pages ended by those that have started, "
        f"{counted(in_hand, 'piece', 'pieces')} in work, {rate:.1f} pages/s; supervisors: "
        + (", ".join(f"{count} {printable(state)}" for state, count in sorted(states.items())) or "none yet")
    )


def _handed_on(said: Iterable[Progress]) -> str:
    forwarded = sum(each.forwarded for each in said)
    return f"{forwarded} handed on to OCR, " if forwarded else ""


def report(farm: Farm, outlook: FarmOutlook, costs: Costs | None = None, attention: Sequence[str] = ()) -> str:
    """Return the table of all shards and, below it, the account of the documents and what wants attention.

    Args:
        farm: the farm's state.
        outlook: how fast it works and when it will have finished.
        costs: what it cost; ``None`` where no price is known.
        attention: a sentence for each thing that wants it.
    """
    account = farm.reconciliation
    balance = "balances" if account.balances else "DOES NOT BALANCE"
    equation = f"input {account.input} = {account.done} done + {account.failed} failed + {account.pending} pending"
    table = _shards(farm, outlook) if farm.pieces is None else _supervisors(farm, farm.pieces, outlook)
    lines = [*table, "", f"{equation} ({balance})", *_by_source(farm), *_formulas(farm)]
    if farm.no_shard.pending:
        lines.append(f"pending and in no shard: {farm.no_shard.pending}: cut the shards to have them processed")
    if farm.skipped:
        lines.append(f"skipped before the cut: {_by_class(farm.skipped)}")
    if account.unlisted:
        lines.append(f"finished and not in the table of page counts now: {account.unlisted}")
    if account.missing_outputs is not None:
        lines.append(f"done documents without their Markdown: {account.missing_outputs}")
    if outlook.line():
        lines.append(outlook.line())
    if costs is not None:
        lines.append(costs.line())
    return "\n".join([*lines, *attention, *account.problems])


def _shards(farm: Farm, outlook: FarmOutlook) -> list[str]:
    rows = [_row(shard, farm.progress.get(shard.shard), outlook.shards[shard.shard].rate) for shard in farm.shards]
    if farm.no_shard.documents:
        rows.append(_row(farm.no_shard, None, 0.0))
    return align([_COLUMNS, *rows, _total(farm, outlook.rate)], _WORDS)


def _supervisors(farm: Farm, pieces: Pieces, outlook: FarmOutlook) -> list[str]:
    """Return who takes pieces, with what each has ended since it started, and what became of all pieces."""
    rows = [
        (
            str(number),
            said.node,
            said.state,
            f"{duration(farm.ages[number])} ago",
            str(said.helped),
            str(said.pages_helped),
            f"{outlook.shards[number].rate:.1f}",
        )
        for number, said in farm.progress.items()
    ]
    documents, pages = (sum(getattr(said, name) for said in farm.progress.values()) for name in _HELPED)
    total = ("all", "", "", "", str(documents), str(pages), f"{outlook.rate:.1f}")
    lines = [*align([_SUPERVISOR_COLUMNS, *rows, total], _WORDS), "", pieces.line(living(farm, outlook))]
    failures = _failures(farm)
    return [*lines, f"failed by class: {_by_class(failures)}"] if failures else lines


def living(farm: Farm, outlook: FarmOutlook) -> list[Progress]:
    """Return what those supervisors last said that live and have a slot that works."""
    return [said for number, said in farm.progress.items() if outlook.shards[number].is_worked_on]


def _by_source(farm: Farm) -> list[str]:
    """Return what the text of the documents comes from, where stage ``ocr`` has to do with it, and what is no text."""
    found, waiting = outcomes_of(farm), farm.reconciliation.pending_by_stage[Stage.OCR]
    lines = []
    if found.good_by_ocr.documents or waiting:
        lines.append(f"good by their text layer: {_documents(found.good_by_layer)}")
        lines.append(f"good by OCR: {_documents(found.good_by_ocr)}; {waiting} wait for it")
    if found.poor.documents:
        lines.append(f"failed as their text is no text: {_documents(found.poor)}")
    return lines


def _documents(sums: Sums) -> str:
    return f"{counted(sums.documents, 'document', 'documents')}, {counted(sums.pages, 'page', 'pages')}"


def _formulas(farm: Farm) -> list[str]:
    """Return what stage ``math`` has to do, and what it could not."""
    waiting = farm.reconciliation.open_formulas
    lines = [f"with formulas: {waiting} documents wait for stage math"] if waiting else []
    failures = farm.formula_failures.by_class
    return [*lines, f"done without their formulas: {_by_class(failures)}"] if failures else lines


def _row(shard: ShardStatus, progress: Progress | None, rate: float) -> tuple[str, ...]:
    is_shard = shard.shard != NO_SHARD
    idle = "not started" if shard.documents else "nothing to do"
    return (
        str(shard.shard) if is_shard else "-",
        progress.node if progress else "-",
        progress.state if progress else idle if is_shard else "in no shard",
        str(shard.documents),
        str(shard.pages),
        str(shard.done),
        str(shard.failed),
        str(shard.pending),
        f"{rate:.1f}" if progress else "-",
        _by_class(shard.failures),
    )


def _total(farm: Farm, rate: float) -> tuple[str, ...]:
    shards = [*farm.shards, farm.no_shard]
    account = farm.reconciliation
    return (
        "all",
        "",
        "",
        str(sum(shard.documents for shard in shards)),
        str(sum(shard.pages for shard in shards)),
        str(account.done),
        str(account.failed),
        str(account.pending),
        f"{rate:.1f}",
        _by_class(_failures(farm)),
    )


def _failures(farm: Farm) -> Counter[str]:
    failures: Counter[str] = Counter()
    for each in [*farm.cut, farm.no_shard]:
        failures.update(each.failures)
    return failures


def _by_class(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
