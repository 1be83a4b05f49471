# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import manifest_etag
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import manifest_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import manifest_change
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.manifest_change import (
    wait_for_manifest_change,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard


def test_another_manifest_is_noticed_and_a_missing_one_is_no_other(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard.cut({"a.pdf": 1})
    manifests = S3Uri.parse(shard.config.manifests)
    etag = manifest_etag(shard.client, manifests, 1)

    looks = Mock(side_effect=manifest_etag)
    monkeypatch.setattr(manifest_change, "manifest_etag", looks)

    async def let_it_look(waiting: asyncio.Task[str]) -> None:
        # One may have begun before, one has begun and ended since, and one more has begun.
        seen = looks.call_count
        while looks.call_count < seen + 2 and not waiting.done():
            await asyncio.sleep(0.01)

    async def work() -> str:
        waiting = asyncio.create_task(wait_for_manifest_change(shard.client, manifests, 1, etag, 0.02))
        await let_it_look(waiting)
        uri = manifest_uri(manifests, 1)
        shard.client.delete_object(Bucket=uri.bucket, Key=uri.key)
        await let_it_look(waiting)
        assert not waiting.done()
        shard.cut({"a.pdf": 1, "b.pdf": 1})
        return await asyncio.wait_for(waiting, 30)

    assert "shard_1.csv): start this one again" in asyncio.run(work())
