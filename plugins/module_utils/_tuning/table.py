# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trials as a table for people."""

from __future__ import annotations

from .._formatting import align
from .._records.tuning import WORKERS, Tuning, TuningTrial

_LEFT = "note"


def table_of(tuning: Tuning) -> list[str]:
    """Return the lines of a table of the trials, by their number."""
    header = (tuning.basis.varied, "pages/s", "GPU memory MiB", "GPU use", _LEFT)
    return align([header, *(_row(trial, tuning.best) for trial in tuning.trials)], {_LEFT})


def advice_of(tuning: Tuning) -> str:
    """Return what follows from the trials, as a sentence."""
    if not tuning.best:
        return "No number is named: trials are missing, or none of them is a choice."
    if tuning.basis.varied == WORKERS:
        return f"Best is {tuning.best}, which farm_workers_per_gpu: auto takes."
    return f"Best is {tuning.best}: set farm_ocr_pages_in_flight to it."


def _row(trial: TuningTrial, best: int) -> tuple[str, ...]:
    memory = "-" if trial.memory_used is None else f"{trial.memory_used:.0f} of {trial.memory_total or 0:.0f}"
    use = "-" if trial.utilization is None else f"{trial.utilization:.0f} %"
    speed = f"{trial.pages_per_second:.2f}" if trial.pages_per_second else "-"
    return str(trial.number), speed, memory, use, trial.problem or ("best" if trial.number == best else "")
