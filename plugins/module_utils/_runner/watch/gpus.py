# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's GPUs, as nvidia-smi tells of them."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..._children.programs import ask
from ..._errors import FarmError
from ..._records.slots import gpu_of
from .xids import PciAddress

PROGRAM = "nvidia-smi"
_FIELDS = "index,uuid,pci.bus_id,utilization.gpu,memory.used,memory.total,temperature.gpu"
_ARGUMENTS = (f"--query-gpu={_FIELDS}", "--format=csv,noheader,nounits")
# A driver in trouble lets it hang.
_SECONDS = 30.0


@dataclass(frozen=True)
class Gpu:
    """One GPU and how it is at the moment; ``None`` where the driver does not say.

    Attributes:
        index: its number in PCI order.
        utilization: share of the time in which it worked, in percent.
        memory_used: MiB; likewise ``memory_total``.
        temperature: degrees Celsius.
    """

    index: int
    uuid: str
    address: PciAddress
    utilization: float | None
    memory_used: float | None
    memory_total: float | None
    temperature: float | None


@dataclass(frozen=True)
class Listing:
    """The GPUs that answered, and by name why the others did not."""

    gpus: tuple[Gpu, ...]
    errors: Mapping[str, str]


def is_installed() -> bool:
    """Whether this machine has NVIDIA's driver tools."""
    return shutil.which(PROGRAM) is not None


def parse_gpus(text: str) -> list[Gpu]:
    """Return the GPUs in nvidia-smi's answer to :func:`read_gpus`.

    Raises:
        FarmError: it is something else, such as the message that a GPU is lost.
    """
    try:
        return [_gpu([field.strip() for field in row]) for row in csv.reader(io.StringIO(text)) if row]
    except ValueError as error:
        raise FarmError(f"{PROGRAM} does not list the GPUs but says: {text.strip()[:500]}") from error


def _gpu(row: Sequence[str]) -> Gpu:
    index, uuid, address, *numbers = row
    utilization, used, total, temperature = (_number(field) for field in numbers)
    return Gpu(int(index), uuid, PciAddress.parse(address), utilization, used, total, temperature)


def _number(field: str) -> float | None:
    # [N/A], [Not Supported], [Unknown Error], [GPU requires reset]
    return None if field.startswith("[") else float(field)


def names_of(slot: str) -> list[str]:
    """Return the GPUs that a slot's worker sees by CUDA_VISIBLE_DEVICES: their numbers or UUIDs."""
    return [name.strip() for name in gpu_of(slot).split(",") if name.strip()]


def named(name: str, gpus: Iterable[Gpu]) -> Gpu | None:
    """Return the GPU of that number or UUID, ``None`` where it is not there."""
    return next((gpu for gpu in gpus if name == str(gpu.index) or gpu.uuid.startswith(name)), None)


async def read_gpus(names: Sequence[str]) -> Listing:
    """Return the machine's GPUs now.

    One GPU that is lost can make nvidia-smi fail for all. Then each is asked for alone.

    Args:
        names: those to ask for then.
    """
    try:
        return Listing(tuple(await _query()), {})
    except FarmError:
        answers = await asyncio.gather(*(_query(f"--id={name}") for name in names), return_exceptions=True)
    gpus: list[Gpu] = []
    errors: dict[str, str] = {}
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, FarmError):
            errors[name] = str(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            gpus += answer
    return Listing(tuple(gpus), errors)


async def _query(*options: str) -> list[Gpu]:
    answer = await ask(PROGRAM, *options, *_ARGUMENTS, seconds=_SECONDS)
    if answer.status:
        said = f"{answer.output} {answer.errors}".strip()
        raise FarmError(f"{PROGRAM} ended with status {answer.status}: {said[:500]}")
    return parse_gpus(answer.output)
