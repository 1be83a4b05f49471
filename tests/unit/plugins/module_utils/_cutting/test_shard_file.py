# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._cutting import shard_file
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.shard_file import ShardFile


def test_both_files_have_every_document_and_the_sums_are_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_file, "_BUFFER_LINES", 2)
    shard = ShardFile()
    shard.add([b's3://b/a,b "x".pdf', b"s3://b/b.pdf"], 90, [b"1000", b""])
    shard.add(["s3://b/μ.pdf".encode()], 2, [b"5"])
    shard.add([b"s3://b/unknown.pdf"], 0, [b""])
    shard.flush()
    with shard.manifest.open() as manifest, shard.list.open() as uris:
        assert manifest.read().decode() == (
            'uri,pages,bytes\n"s3://b/a,b ""x"".pdf",90,1000\ns3://b/b.pdf,90,\ns3://b/μ.pdf,2,5\ns3://b/unknown.pdf,0,\n'
        )
        assert uris.read().decode() == 's3://b/a,b "x".pdf\ns3://b/b.pdf\ns3://b/μ.pdf\ns3://b/unknown.pdf\n'
    assert (shard.documents, shard.pages, shard.bytes, shard.unknown) == (4, 182, 1005, 1)
    assert (shard.first, shard.most_pages) == ('s3://b/a,b "x".pdf', 90)
