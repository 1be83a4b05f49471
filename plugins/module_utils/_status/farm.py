# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole farm's state, read from S3 alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import (
    list_objects,
    read_bytes,
    read_bytes_if_exists,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.markers import (
    DocumentState,
    Marker,
    marker_uri,
    read_states,
    status_prefix,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import Progress, progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import (
    Reconciliation,
    ShardStatus,
    reconcile,
    shard_status,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Markers of failed documents are read one by one for their class; the pool of `client` must be as large.
READERS = 32


@dataclass(frozen=True)
class Farm:
    """All shards, what their supervisors last said, and the account of the documents.

    Attributes:
        shards: in order of their numbers.
        progress: by shard; a shard nobody has started is absent.
        skipped: documents no shard got, by reason, from the cut's summary.
    """

    shards: tuple[ShardStatus, ...]
    progress: Mapping[int, Progress]
    skipped: Mapping[str, int]
    reconciliation: Reconciliation


def read_summary(client: S3Client, manifests: S3Uri, summary_name: str) -> dict[str, Any]:
    """Return the summary of the cut below ``manifests``.

    Raises:
        FarmError: there is none, or it is something else.
        S3Error: it could not be read.
    """
    uri = manifests.join(summary_name)
    try:
        summary = json.loads(read_bytes(client, uri))
        if not isinstance(summary["totals"]["documents"], int) or not isinstance(summary["shards"], list):
            raise TypeError("totals or shards are of another type")
    except MissingError as error:
        raise FarmError(f"There is no summary at {uri}: cut the shards first (shard_manifest).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FarmError(f"{uri} is not a shard summary ({error!r}): cut the shards again (shard_manifest).") from error
    return dict(summary)


def shard_numbers(summary: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the shards that a summary lists."""
    return [shard["shard"] for shard in summary["shards"]]


def read_progress(client: S3Client, results: S3Uri, shards: Sequence[int]) -> dict[int, Progress]:
    """Return what the supervisor of each shard last said, by shard.

    Raises:
        FarmError: an object is not a progress file.
        S3Error: one could not be read.
    """
    found = {}
    for shard in shards:
        uri = progress_uri(results, shard)
        body = read_bytes_if_exists(client, uri)
        if body is not None:
            found[shard] = Progress.from_json(body, str(uri))
    return found


def read_farm(client: S3Client, manifests: S3Uri, results: S3Uri, summary_name: str, *, verify_outputs: bool) -> Farm:
    """Return the farm's state.

    Takes the manifests, one listing of the markers, and one read for each failed document; with
    ``verify_outputs`` one listing of the results on top.

    Raises:
        FarmError: the manifests are missing or malformed, or a marker is.
        S3Error: S3 could not be read.
    """
    summary = read_summary(client, manifests, summary_name)
    numbers = shard_numbers(summary)
    documents = {number: read_manifest(client, manifests, number) for number in numbers}
    states = read_states(client, status_prefix(results))
    listed = {key_of(document.uri) for shard in documents.values() for document in shard}
    failed = [key for key, state in states.items() if state is DocumentState.FAILED and key in listed]
    classes = _failure_classes(client, results, failed)
    shards = tuple(shard_status(number, documents[number], states, classes) for number in numbers)
    missing = _missing_outputs(client, results, documents, states) if verify_outputs else None
    return Farm(
        shards=shards,
        progress=read_progress(client, results, numbers),
        skipped=dict(summary.get("skipped", {})),
        reconciliation=reconcile(summary["totals"]["documents"], shards, len(states), missing),
    )


def _failure_classes(client: S3Client, results: S3Uri, keys: Sequence[str]) -> dict[str, str]:
    def failure_class(key: str) -> str:
        uri = marker_uri(results, key, DocumentState.FAILED)
        return Marker.from_json(read_bytes(client, uri), str(uri)).failure_class or "unknown"

    with ThreadPoolExecutor(READERS) as readers:
        return dict(zip(keys, readers.map(failure_class, keys), strict=True))


def _missing_outputs(
    client: S3Client,
    results: S3Uri,
    documents: Mapping[int, Sequence[Document]],
    states: Mapping[str, DocumentState],
) -> int:
    """Return how many listed documents are marked done but have no Markdown in any shard's results."""
    missing = {
        key
        for shard in documents.values()
        for document in shard
        if states.get(key := key_of(document.uri)) is DocumentState.DONE
    }
    # A document may have been done under the shard of an earlier cut.
    shards_prefix = results.join("shard-")
    for item in list_objects(client, shards_prefix):
        folder, _slash, name = item.uri.key.removeprefix(shards_prefix.key).partition("/markdown/")
        if folder.isdecimal() and item.bytes:
            missing.discard(name.removesuffix(".md"))
    return len(missing)
