# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor and its worker tell each other: JSON objects, one a line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..._pipelines.failures import DocumentFailure, GpuFault
from ..._pipelines.task import Forwarded, Outcome, Recognised, Results, Task, WorkerUnfit
from ..._records.failure_classes import FailureClass
from ..._records.markers import Formulas, Output

_TASK_PATHS = ("input", "folder", "layer", "document", "ranges")


def task_to_message(task: Task) -> dict[str, Any]:
    """Return the message that asks for this document."""
    # Not asdict, which copies each value deeply: this is done for every document.
    paths = {name: str(path) for name, path in vars(task).items() if isinstance(path, Path)}
    return vars(task) | paths


def task_from_message(message: dict[str, Any]) -> Task:
    """Return what :func:`task_to_message` described."""
    paths = {name: Path(message[name]) for name in _TASK_PATHS if message[name] is not None}
    numbers = {name: tuple(message[name]) for name in ("open_pages", "part")}
    return Task(**(message | paths | numbers))


def outcome_to_message(outcome: Outcome) -> dict[str, Any]:
    """Return the message that reports a document's outcome."""
    if isinstance(outcome, DocumentFailure):
        return {"class": outcome.failure_class.value, "message": outcome.message}
    if isinstance(outcome, WorkerUnfit):
        return {"unfit": str(outcome)}
    if isinstance(outcome, Forwarded):
        return {"layer": str(outcome.layer), "open_pages": outcome.open_pages, "message": outcome.message}
    if isinstance(outcome, Recognised):
        return {"recognised": outcome.pages}
    return {
        "markdown": str(outcome.markdown) if outcome.markdown else None,
        "json": str(outcome.json) if outcome.json else None,
        "quality": str(outcome.quality) if outcome.quality else None,
        "uploaded": [asdict(output) for output in outcome.uploaded],
        "open_formulas": outcome.open_formulas,
        "formulas": asdict(outcome.formulas) if outcome.formulas else None,
    }


def outcome_from_message(message: dict[str, Any]) -> Outcome:
    """Return what :func:`outcome_to_message` described."""
    if "class" in message:
        return DocumentFailure(FailureClass(message["class"]), message["message"])
    if "unfit" in message:
        return WorkerUnfit(message["unfit"])
    if "open_pages" in message:
        return Forwarded(Path(message["layer"]), tuple(message["open_pages"]), message["message"])
    if "recognised" in message:
        return Recognised(message["recognised"])
    return Results(
        markdown=Path(message["markdown"]) if message["markdown"] else None,
        json=Path(message["json"]) if message["json"] else None,
        quality=Path(message["quality"]) if message["quality"] else None,
        uploaded=tuple(Output(**output) for output in message["uploaded"]),
        open_formulas=message["open_formulas"],
        formulas=Formulas(**message["formulas"]) if message["formulas"] else None,
    )


def gpu_fault_to_message(fault: GpuFault) -> dict[str, Any]:
    """Return what a worker says in place of being ready when its GPU cannot be used."""
    return {"gpu": str(fault)}


def gpu_fault_from_message(message: Any) -> GpuFault | None:
    """Return the fault :func:`gpu_fault_to_message` described, ``None`` where the message is another."""
    return GpuFault(message["gpu"]) if isinstance(message, dict) and "gpu" in message else None
