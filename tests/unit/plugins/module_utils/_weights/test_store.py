# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.fetching import fetch
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import verify
from ansible_collections.glossapi.farm.plugins.module_utils._weights.store import (
    bring,
    differing,
    differing_notes,
    missing_in_s3,
    store,
    stored_uri,
    write_note,
)
from tests.support.model_hub import a_list, serving

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


@pytest.fixture
def prefix(client: S3Client, bucket: S3Uri) -> S3Uri:
    """Where the weights of the list are in S3."""
    prefix = bucket.join("scripts", "weights")
    with serving() as hub:
        for each in missing_in_s3(client, prefix, a_list()):
            store(client, prefix, each, partial(fetch, local=None, endpoints=hub.endpoints))
    return prefix


def test_what_is_in_s3_is_not_put_there_again(client: S3Client, prefix: S3Uri, bucket: S3Uri) -> None:
    assert missing_in_s3(client, prefix, a_list()) == []
    assert len(missing_in_s3(client, bucket.join("elsewhere"), a_list())) == 2


def test_half_an_object_is_missing(client: S3Client, prefix: S3Uri) -> None:
    first = differing(Path("/nowhere"), a_list())[0]
    put_bytes(client, stored_uri(prefix, first), b"half", "text/plain")
    assert missing_in_s3(client, prefix, a_list()) == [first]


def test_a_node_gets_all_of_it_once(client: S3Client, prefix: S3Uri, tmp_path: Path) -> None:
    for each in differing(tmp_path, a_list()):
        bring(client, prefix, tmp_path, each)
    for path, body in differing_notes(tmp_path, a_list()).items():
        write_note(tmp_path, path, body)
    assert differing(tmp_path, a_list()) == []
    assert differing_notes(tmp_path, a_list()) == {}
    verify(tmp_path, "glossapi", a_list().digest)


def test_an_altered_object_is_not_brought(client: S3Client, prefix: S3Uri, tmp_path: Path) -> None:
    first = differing(tmp_path, a_list())[0]
    put_bytes(client, stored_uri(prefix, first), b"altered", "text/plain")
    with pytest.raises(FarmError, match=r"model\.safetensors is altered: .*Delete it, and play weights\.yml"):
        bring(client, prefix, tmp_path, first)
    assert not (tmp_path / first.path).exists()


def test_what_nobody_put_into_s3_is_told(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"is missing: play weights\.yml, which puts model\.safetensors there"):
        bring(client, bucket.join("weights"), tmp_path, differing(tmp_path, a_list())[0])
