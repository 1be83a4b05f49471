# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator asks of a shard's supervisor: the modules' arguments, checked."""

from __future__ import annotations

import math
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, get_type_hints

from ..._errors import FarmError
from ..._pipelines.registry import NAMES, kind_of
from ..._queue.sqs import require_queue_url
from ..._records.failure_classes import FailureClass
from ..._records.slots import SEPARATOR
from ..._s3.connection import Connection
from ..._s3.uri import S3Uri
from ..config import ABOVE, CONNECTION_FIELDS, LEAST, MOST, TRIAL, RunConfig

_TYPES: dict[object, dict[str, Any]] = {
    bool: {"type": "bool"},
    int: {"type": "int"},
    float: {"type": "float"},
    str: {"type": "str"},
    dict[str, Any]: {"type": "dict"},
    tuple[str, ...]: {"type": "list", "elements": "str"},
}
# Which shard it is, and where.
_IDENTITY = frozenset({"shard", "manifests", "results", "workdir", "node"})
_PATHS = frozenset({"workdir"})
# Leaves workers_per_gpu to what was found to be best on such a machine, see tuned.py.
AUTO = "auto"
_NUMBERS_OR_AUTO = frozenset({"workers_per_gpu"})
_CHOICES = {"pipeline": list(NAMES), "retry": [each.value for each in FailureClass]}


def option_names(*, trial: bool = False) -> tuple[str, ...]:
    """Return the options that say how a supervisor works, in all or for a trial of a few documents."""
    return tuple(option.name for option in _options() if option.metadata.get(TRIAL) or not trial)


def worker_arguments(*, trial: bool = False) -> dict[str, dict[str, Any]]:
    """Return the arguments of a module that has a supervisor work, or try a few documents: RunConfig's fields."""
    hints = get_type_hints(RunConfig)
    taken = {*_IDENTITY, *option_names(trial=trial)}
    return {option.name: _argument(option, hints[option.name]) for option in fields(RunConfig) if option.name in taken}


def config_from(options: Mapping[str, Any], connection: Connection, **fixed: Any) -> RunConfig:
    """Return the supervisor's configuration, without credentials.

    Args:
        options: the module's arguments.
        connection: how to reach S3.
        fixed: fields that the module does not leave to the operator.

    Raises:
        FarmError: an option has a value that makes no sense.
    """
    values = config_values(options)
    own = {"node": options["node"] or socket.gethostname(), "retry": tuple(sorted(values.get("retry", ())))}
    config = RunConfig(
        **values | own | fixed,
        region=connection.region,
        endpoint_url=connection.endpoint_url,
        profile=connection.profile,
        verify=connection.verify,
    )
    problems = problems_of(config)
    if problems:
        raise FarmError(" ".join(problems))
    return config


def config_values(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the configuration that a module's arguments give, as it has them.

    What is to be a number or ``auto``, and is neither, is as it was given: :func:`problems_of` tells it with all else.
    """
    hints = get_type_hints(RunConfig)
    names = hints.keys() & options.keys() - CONNECTION_FIELDS
    values = {name: tuple(options[name]) if hints[name] == tuple[str, ...] else options[name] for name in names}
    return values | {name: _number(values[name]) for name in names & _NUMBERS_OR_AUTO}


def _number(value: object) -> object:
    """Return the number that a value means, for ``auto`` the one that leaves it open; else the value itself."""
    if value == AUTO:
        return 0
    # From the command line it is text.
    with suppress(ValueError):
        return int(str(value))
    return value


def problems_of(config: RunConfig) -> list[str]:
    """Return a sentence for each value that makes no sense, beyond what the arguments' types refuse."""
    problems = list(_out_of_range(config))
    if config.shard < 1:
        problems.append(f"shard is {config.shard}: it must be at least 1.")
    if not config.slots or len(set(config.slots)) < len(config.slots):
        problems.append(f"slots is {list(config.slots)}: give at least one, and each once.")
    if any(SEPARATOR in name for name in config.slots):
        problems.append(
            f"slots is {list(config.slots)}: name GPUs alone, as 0, and how many work on each in workers_per_gpu."
        )
    if config.timeout_base + config.timeout_per_page == 0:
        problems.append("timeout_base and timeout_per_page are both 0: no document would have any time.")
    if config.budget and not config.price_per_hour:
        problems.append("budget needs a price_per_hour above 0: without it nobody knows what was spent.")
    if not Path(config.workdir).is_absolute():
        problems.append(f"workdir is {config.workdir}: it must be an absolute path.")
    for check in (
        lambda: _check_queue(config),
        lambda: S3Uri.parse(config.results),
        lambda: S3Uri.parse(config.manifests),
        lambda: kind_of(config.pipeline).check(config.pipeline_options),
    ):
        try:
            check()
        except FarmError as error:
            problems.append(str(error))
    return problems


def _check_queue(config: RunConfig) -> None:
    if config.queue:
        require_queue_url(config.queue)
        if kind_of(config.pipeline).uploads_itself(config.pipeline_options):
            raise FarmError(
                "queue is set, and the pipeline's command has {output}: it would upload all pieces' outputs to one "
                "place. Leave the upload to the supervisor, or work on shards."
            )


def _out_of_range(config: RunConfig) -> Iterator[str]:
    for option in _options():
        value = getattr(config, option.name)
        least, most, above = (option.metadata.get(bound) for bound in (LEAST, MOST, ABOVE))
        if option.name in _NUMBERS_OR_AUTO and type(value) is not int:
            yield f"{option.name} is {value!r}: give a number, or {AUTO}."
            continue
        if isinstance(value, float) and not math.isfinite(value):
            yield f"{option.name} is {value}: it must be a number."
            continue
        if least is not None and value < least:
            yield f"{option.name} is {value}: it must be at least {least}."
        if most is not None and value > most:
            yield f"{option.name} is {value}: it must be at most {most}."
        if above is not None and value <= above:
            yield f"{option.name} is {value}: it must be above {above}."


def _options() -> list[Field[Any]]:
    return [option for option in fields(RunConfig) if option.name not in _IDENTITY | CONNECTION_FIELDS]


def _argument(option: Field[Any], hint: object) -> dict[str, Any]:
    argument = dict(_TYPES[hint])
    if option.name in _PATHS:
        argument["type"] = "path"
    if option.name in _NUMBERS_OR_AUTO:
        argument["type"] = "raw"
    if option.name in _CHOICES:
        argument["choices"] = _CHOICES[option.name]
    if option.default is not MISSING:
        argument["default"] = list(option.default) if isinstance(option.default, tuple) else option.default
    elif option.default_factory is not MISSING:
        argument["default"] = option.default_factory()
    else:
        argument["required"] = True
    return argument
