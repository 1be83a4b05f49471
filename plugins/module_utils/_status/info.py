# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm's state as an operator asks for it: at once, or when no document is pending."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._records.stage import Stage
from .._records.summary import read_summary
from .._s3.connection import Connection
from .._s3.parallel import READERS
from .._s3.uri import S3Uri
from .farm import Look, look, read_farm
from .reconnecting import Reconnecting
from .stale_documents import PipelineNow, find_stale
from .supervisors import Heartbeat, Readings, find_supervisors, read_heartbeats
from .values import values_of
from .waiting import wait_for_shards
from .watch import Watch

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOG = logging.getLogger(__name__)


def farm_info(connection: Connection, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``shard_info`` does; waits first where ``wait`` says so.

    Raises:
        FarmError: an address or a pipeline's option is malformed, or S3 could not be read.
    """
    stage = Stage(options["stage"])
    now = PipelineNow.of(options["pipeline"], options["pipeline_options"], options["pipeline_commit"])
    timeout = options["wait_timeout"] if options["wait"] else 0
    s3 = Reconnecting(connection, READERS, timeout, LOG.info)
    manifests = S3Uri.parse(options["manifests"])
    results = S3Uri.parse(options["results"])

    def look_again() -> Look:
        verify = options["verify_outputs"]
        return s3.run(
            lambda client: look(client, manifests, results, options["summary_name"], stage, verify_outputs=verify)
        )

    if options["wait"]:
        cut = s3.run(lambda client: read_summary(client, manifests, options["summary_name"]))
        # Who takes pieces from a queue comes and goes.
        shards = None if cut.piece_pages else cut.shard_numbers

        def read_now(client: S3Client) -> Readings[Heartbeat]:
            numbers = find_supervisors(client, results, stage) if shards is None else shards
            return read_heartbeats(client, results, numbers, stage)

        found, waited = wait_for_shards(
            shards or (),
            Watch(shards, lambda: s3.run(read_now), options["silent_after"], LOG.info).look,
            look_again,
            outages=lambda: s3.outages,
            timeout_seconds=options["wait_timeout"],
            silent_seconds=options["silent_after"],
            poll_seconds=options["poll_interval"],
        )
    else:
        found, waited = look_again(), ""
    stale = None
    if options["find_stale"]:
        inputs = replace(connection, requester_pays=options["requester_pays"])
        # A client of its own for each try: the one before may have had credentials that have expired.
        stale = s3.run(lambda client: find_stale(client, inputs.client(), results, found.collection, now))
    farm = s3.run(lambda client: read_farm(client, results, found))
    return values_of(
        farm,
        waited=waited,
        price_per_hour=options["price_per_hour"],
        silent_after=options["silent_after"],
        max_failure_share=options["max_failure_share"],
        stale=stale,
    )
