# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of slots, in each of which one worker works: ``0``, or ``0:1`` and ``0:2`` where two share GPU 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# In no GPU's number or UUID.
SEPARATOR = ":"


def slot_names(gpus: Sequence[str], workers: int) -> tuple[str, ...]:
    """Return the slots of a node, each GPU's first ones before all second ones, so that few documents are spread.

    Args:
        gpus: what workers are given as ``CUDA_VISIBLE_DEVICES``; on a node without GPUs just names.
        workers: how many share each.
    """
    if workers == 1:
        return tuple(gpus)
    return tuple(f"{gpu}{SEPARATOR}{number}" for number in range(1, workers + 1) for gpu in gpus)


def gpu_of(slot: str) -> str:
    """Return what a slot's worker is given as ``CUDA_VISIBLE_DEVICES``."""
    return slot.partition(SEPARATOR)[0]


def by_reason(drained: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the slots that work no more, in their order and those of a GPU together as ``0:1, 0:2``, and why.

    Args:
        drained: reasons by slot.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for slot, reason in sorted(drained.items()):
        together.setdefault((gpu_of(slot), reason), []).append(slot)
    return [(", ".join(slots), reason) for (_gpu, reason), slots in together.items()]
