# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a trial whose text or formula is known: which one, what has to be there for it, how it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .._pipelines.canary import formula
from .._pipelines.canary.documents import LAYERED, SCAN
from .._pipelines.canary.reading import problem_of, read
from .._records.document import Document, DocumentState, key_of
from .._records.failure_classes import FailureClass
from .._records.layer import Layer, LayerPage
from .._records.markers import Marker
from .._records.names import canary_uri, formulas_uri, json_uri, marker_uri, output_folder, pages_uri
from .._records.stage import Stage
from .._s3.objects import look_at, put_bytes
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_JSON = "application/json"


class KnownPage:
    """One page.

    Args:
        stage: that is tried.
        is_recognised: whether its pipeline recognises pages.

    Attributes:
        name: for people.
    """

    def __init__(self, stage: Stage, *, is_recognised: bool) -> None:
        self._stage = stage
        self._is_recognised = is_recognised
        if stage is Stage.MATH:
            self.name, self._body = "page whose formula is known", formula.page()
        elif is_recognised:
            self.name, self._body = "scan whose text is known", SCAN
        else:
            self.name, self._body = "page with a text layer whose text is known", LAYERED

    def put(self, client: S3Client, results: S3Uri, shard: int) -> Document:
        """Put the page, and what the stage before leaves of it, below the trial's results; return the document.

        Raises:
            S3Error: S3 could not be written.
        """
        uri = canary_uri(results)
        put_bytes(client, uri, self._body, "application/pdf")
        left = Marker(uri=str(uri), etag=look_at(client, uri).etag, pages=1, shard=shard)
        if self._stage is Stage.OCR:
            hand_on(client, results, left.uri, left.etag, 1, shard)
        if self._stage is Stage.MATH:
            _leave_formulas(client, results, left)
        return Document(str(uri), 1, len(self._body))

    def judge(self, markdown: str) -> tuple[float, str]:
        """Return how similar what was read is to what stands there, and what is wrong, empty where nothing is."""
        if self._stage is Stage.MATH:
            found = formula.read_formula(markdown)
            return found.similarity, found.problem
        reading = read(markdown)
        return reading.similarity, problem_of(reading, is_recognised=self._is_recognised)

    def explain(self, failure_class: str | None) -> str:
        """Return what a failure of this class on the page means, as a sentence; empty where it says no more."""
        is_noise = self._is_recognised and failure_class == FailureClass.UNREADABLE.value
        return "the recogniser does not know Greek and English. " if is_noise else ""


def hand_on(client: S3Client, results: S3Uri, uri: str, etag: str, pages: int, shard: int) -> None:
    """Leave of a document what stage ``text`` leaves of a scan: all of its pages are open.

    Raises:
        S3Error: S3 could not be written.
    """
    key, numbers = key_of(uri), tuple(range(1, pages + 1))
    marker = Marker(
        uri=uri, etag=etag, pages=pages, shard=shard, failure_class=FailureClass.NEEDS_OCR.value, open_pages=numbers
    )
    layer = Layer(uri, tuple(map(LayerPage, numbers))).to_json()
    put_bytes(client, pages_uri(output_folder(results, shard), key), layer, _JSON)
    put_bytes(client, marker_uri(results, key, DocumentState.FORWARDED), marker.to_json(), _JSON)


def _leave_formulas(client: S3Client, results: S3Uri, left: Marker) -> None:
    """Leave of the page what stage ``text`` leaves of a document with a formula."""
    key = key_of(left.uri)
    marker = replace(left, open_formulas=1)
    put_bytes(client, json_uri(output_folder(results, left.shard), key), formula.document(), _JSON)
    for uri in (formulas_uri(results, key), marker_uri(results, key, DocumentState.DONE)):
        put_bytes(client, uri, marker.to_json(), _JSON)
