# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pieces of a cut have documents that wait for their stage."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from .._records.ended import FACT_BYTES, is_open
from .._records.facts import Facts
from .._records.finished import read_finished_facts, state_of
from .._records.manifest import listed_keys
from .._records.math import read_math_facts
from .._records.names import can_be_marked, status_folder
from .._records.page_counts import decode_field
from .._records.stage import Stage
from .._records.summary import Summary
from .._records.waiting import waits
from .._s3.parallel import read_each
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PIECE = struct.Struct(">I")


def waiting_pieces(client: S3Client, manifests: S3Uri, results: S3Uri, summary: Summary, stage: Stage) -> set[int]:
    """Return the numbers of the pieces with a document that the stage has still to do with, and can.

    Takes the manifests and a listing of the markers, in memory that does not grow with the collection.

    Args:
        client: of the S3 that has them; its pool takes :data:`READERS` connections.
        manifests: prefix of the cut.
        results: prefix of the markers.
        summary: of the cut.
        stage: of the cut.

    Raises:
        NotYetError: a manifest is missing.
        FarmError: one is malformed, or there is no room on this machine.
        S3Error: S3 could not be read.
    """
    documents = Facts(_PIECE.size)

    def read(piece: int) -> None:
        for keys in listed_keys(client, manifests, piece):
            documents.add_to_each(keys, _PIECE.pack(piece))

    for _ in read_each(read, (each.shard for each in summary.shards if each.documents)):
        pass
    markers = read_finished_facts(client, status_folder(results)).read()
    formulas = (read_math_facts(client, results) if stage is Stage.MATH else Facts(FACT_BYTES)).read()
    found: set[int] = set()
    for batch in documents.read().rest():
        last = max(batch)
        states, opened = markers.up_to(last), formulas.up_to(last)
        for key, fact in batch.items():
            (piece,) = _PIECE.unpack(fact)
            if (
                piece not in found
                and waits(stage, state_of(states.get(key)), has_open_formulas=is_open(opened.get(key)))
                and can_be_marked(results, decode_field(key))
            ):
                found.add(piece)
    return found
