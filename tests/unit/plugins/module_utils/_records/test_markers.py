# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import (
    DocumentState,
    Marker,
    Output,
    latest_states,
    marker_uri,
    status_prefix,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import S3Object
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_RESULTS = S3Uri("results", "run")
_PREFIX = status_prefix(_RESULTS)
_MARKER = Marker(
    uri="s3://raw/a/Έκθεση.pdf",
    etag="abc",
    pages=7,
    seconds=1.5,
    attempts=1,
    shard=2,
    node="OpenArchive-Shard-2",
    gpu="0",
    pipeline="pdftext",
    options_hash="00ff",
    outputs=(Output("s3://results/run/shard-2/markdown/a/Έκθεση.pdf.md", "def", 100),),
    finished_at="2026-11-24T10:00:00+00:00",
)


def _listed(name: str, second: int) -> S3Object:
    return S3Object(_PREFIX.join(name), 1, "e", datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC))


def test_a_marker_is_named_by_the_documents_whole_key() -> None:
    address = "s3://results/run/status/a/report.pdf.failed"
    assert str(marker_uri(_RESULTS, "a/report.pdf", DocumentState.FAILED)) == address


def test_a_marker_comes_back_from_its_json_as_it_was() -> None:
    assert Marker.from_json(_MARKER.to_json(), "here") == _MARKER
    assert _MARKER.state is DocumentState.DONE


def test_the_json_names_the_class_of_a_failure() -> None:
    fields = json.loads(_MARKER.to_json()) | {"class": "timeout", "message": "took too long"}
    failed = Marker.from_json(json.dumps(fields).encode(), "here")
    assert failed.state is DocumentState.FAILED
    assert failed.failure_class == "timeout"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"class": null, "outputs": [1]}', b"\xff"])
def test_what_is_no_marker_is_refused_with_its_place(body: bytes) -> None:
    with pytest.raises(FarmError, match=r"^s3://there is not a marker"):
        Marker.from_json(body, "s3://there")


def test_the_later_of_two_markers_counts() -> None:
    objects = [
        _listed("a.pdf.failed", 1),
        _listed("a.pdf.done", 2),
        _listed("b.pdf.done", 1),
        _listed("b.pdf.failed", 2),
    ]
    assert latest_states(objects, _PREFIX) == {"a.pdf": DocumentState.DONE, "b.pdf": DocumentState.FAILED}


def test_of_two_markers_of_the_same_second_success_counts() -> None:
    objects = [_listed("a.pdf.done", 1), _listed("a.pdf.failed", 1)]
    assert latest_states(objects, _PREFIX) == {"a.pdf": DocumentState.DONE}


def test_progress_and_other_objects_are_no_markers() -> None:
    assert latest_states([_listed("_progress/shard-1.json", 1), _listed("notes", 1)], _PREFIX) == {}
