# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the nodes of a fleet are told: written by the controller, read by each node when it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._errors import NotYetError
from .._records.codec import UnreadableRecordError
from .._records.fleet import FleetSettings, FleetStage
from .._records.names import fleet_settings_uri
from .._runner.config import RunConfig
from .._runner.host.options import config_from, option_names
from .._runner.host.tuned import config_as_tuned
from .._s3.connection import Connection
from .._s3.objects import put_bytes, read_bytes_if_exists
from .._s3.uri import S3Uri
from .._smoke.trial import FIXED_OPTIONS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A node of a fleet may be taken away at any time, and has no shard to lend of.
_ALWAYS: Mapping[str, Any] = {"interruption_notices": True, "help_others": False}
# A trial works on documents that it is given.
_NO_QUEUE: Mapping[str, Any] = {"queue": ""}
_TRIAL_PLACES = ("results", "workdir")
# Numbers its trials: they have no neighbour.
_TRIAL_NUMBER = 1


def publish_settings(client: S3Client, results: S3Uri, settings: FleetSettings, *, check_mode: bool) -> dict[str, Any]:
    """Have the nodes told this, and return the result of the module ``node_fleet_settings``.

    Nodes that work go on with what they began with; each that begins anew goes by this.

    Raises:
        FarmError: an option of a stage makes no sense, or a later version of the collection wrote what is there.
        S3Error: S3 cannot be read or written.
    """
    for stage in settings.stages:
        config_for(settings, stage, number=settings.first_number, node="node", gpus=settings.gpus)
    uri = fleet_settings_uri(results)
    body, before = settings.to_json(), read_bytes_if_exists(client, uri)
    if before is not None:
        _refuse_later(before, uri)
    changed = body != before
    if changed and not check_mode:
        put_bytes(client, uri, body, "application/json")
    diff = {"before": (before or b"").decode(errors="replace"), "after": body.decode()}
    return {"changed": changed, "address": str(uri), "diff": diff}


def read_settings(client: S3Client, results: S3Uri) -> FleetSettings:
    """Return what the nodes are told.

    Raises:
        FarmError: it cannot be read as that.
        NotYetError: nobody has told them anything.
        S3Error: S3 cannot be read.
    """
    uri = fleet_settings_uri(results)
    body = read_bytes_if_exists(client, uri)
    if body is None:
        raise NotYetError(f"There is nothing at {uri}: run playbooks/fleet.yml, which tells the nodes what to do.")
    return FleetSettings.from_json(body, str(uri))


def config_for(
    settings: FleetSettings,
    stage: FleetStage,
    *,
    number: int,
    node: str,
    gpus: int,
    warn: Callable[[str], None] | None = None,
) -> RunConfig:
    """Return what the supervisor of a number is to do on a node.

    Args:
        gpus: that this node has.
        warn: is told where there is no measured number of workers for such a machine; ``None`` where that is not
            looked for.

    Raises:
        FarmError: an option makes no sense.
        S3Error: what was measured cannot be read.
    """
    options = {**_options(settings, stage, gpus), **_ALWAYS, "shard": number, "node": node}
    return _config(settings, options, warn)


def trial_config_for(
    settings: FleetSettings, stage: FleetStage, *, node: str, gpus: int, warn: Callable[[str], None]
) -> RunConfig:
    """Return what a node tries a stage's pipeline by, before it works.

    Raises:
        FarmError: an option makes no sense.
        S3Error: what was measured cannot be read.
    """
    names = {*option_names(trial=True), *_TRIAL_PLACES}
    options = {name: value for name, value in _options(settings, stage, gpus).items() if name in names}
    places = {"shard": _TRIAL_NUMBER, "node": node, "manifests": settings.trial_manifests}
    return _config(settings, {**options, **_NO_QUEUE, **places}, warn, **FIXED_OPTIONS)


def slots_on(slots: Sequence[str], gpus_of_the_farm: int, gpus: int) -> tuple[str, ...]:
    """Return the slots of a node that has so many GPUs: all of its own, where the farm's nodes use all of theirs."""
    every = tuple(map(str, range(gpus_of_the_farm)))
    return tuple(map(str, range(gpus))) if gpus and tuple(slots) == every else tuple(slots)


def _options(settings: FleetSettings, stage: FleetStage, gpus: int) -> dict[str, Any]:
    return {**stage.options, "slots": slots_on(stage.options.get("slots", ("0",)), settings.gpus, gpus)}


def _config(
    settings: FleetSettings, options: Mapping[str, Any], warn: Callable[[str], None] | None, **fixed: Any
) -> RunConfig:
    connection = Connection(region=settings.region or None)
    if warn is None:
        return config_from(options, connection, **fixed)
    return config_as_tuned(options, connection, warn, **fixed)


def _refuse_later(body: bytes, uri: S3Uri) -> None:
    """Leave what a later version of the collection wrote; what is no record at all is written anew."""
    try:
        FleetSettings.from_json(body, str(uri))
    except UnreadableRecordError:
        return
