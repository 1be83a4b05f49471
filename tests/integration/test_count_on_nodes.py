# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``playbooks/count_on_nodes.yml`` over emulated nodes on a local S3."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import chunks_folder, table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts_source import rows_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.pdfs import pdf
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_every_node_counts_a_part_and_the_controller_puts_them_together(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path
) -> None:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=2)
    farm.use_script()
    farm.settings |= {"farm_input_bucket": bucket.bucket, "farm_input_prefix": "in/", "farm_count_workers": 8}
    pages = {f"in/{number}.pdf": number for number in range(1, 9)}
    for key, count in pages.items():
        put_bytes(client, S3Uri(bucket.bucket, key), pdf(count), "application/pdf")
    manifests = bucket.join("manifests")

    checked = farm.play("count_on_nodes", "--check")
    assert checked.status == 0, checked.output
    assert list(list_objects(client, manifests)) == []

    counted = farm.play("count_on_nodes")
    assert counted.status == 0, counted.output
    assert counted.changed == {"localhost": 1, "node-1": 1, "node-2": 1}
    chunks = [
        {row.uri for row in rows_of(read_bytes(client, item.uri), str(item.uri))}
        for item in list_objects(client, chunks_folder(manifests))
    ]
    # None by the controller: both nodes' rows are all there is.
    assert len(chunks) == 2
    table = read_bytes(client, table_uri(manifests))
    assert {row.uri: row.pages for row in rows_of(table, "table")} == {
        f"s3://{bucket.bucket}/{key}": count for key, count in pages.items()
    }
    assert set.union(*chunks) == {row.uri for row in rows_of(table, "table")}

    again = farm.play("count_on_nodes")
    assert again.status == 0, again.output
    assert set(again.changed.values()) == {0}
    assert read_bytes(client, table_uri(manifests)) == table
