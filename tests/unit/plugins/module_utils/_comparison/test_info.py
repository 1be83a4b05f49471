# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.info import read_comparison
from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    comparison_folder,
    comparison_picture_uri,
    comparison_readings_uri,
    comparison_run_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.comparisons import RUN, put_comparison

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


def test_it_has_each_page_with_what_each_backend_read_and_how_much_they_agree(client: S3Client, bucket: S3Uri) -> None:
    folder = comparison_folder(bucket.join("r"), "theses")
    with pytest.raises(NotYetError, match=r"There is no comparison at .*/compare/theses/: playbooks/compare.yml"):
        read_comparison(client, folder)
    put_comparison(client, folder, {"b": ("λβπδ", "λ"), "a": ("λβπδ", "β")})
    found = read_comparison(client, folder)
    assert (found["folder"], found["wanted"], found["problems"], found["left_out"]) == (str(folder), 2, [], [])
    assert [(each["name"], each["figures"]["pages_per_second"]) for each in found["backends"]] == [
        ("a", 0.25),
        ("b", 0.25),
    ]
    assert found["agreements"] == [{"backends": ["a", "b"], "share": 0.5}]
    assert found["report"][0] == "2 pages through 2 backends"
    first, second = found["pages"]
    assert (first["number"], first["uri"], first["page"], first["picture"]) == (1, "s3://raw/1.pdf", 1, "/9hwaWN0dXJl")
    assert [(each["name"], each["text"], each["outcome"]) for each in second["readings"]] == [
        ("a", "β", "good"),
        ("b", "λ", "good"),
    ]
    assert second["agreements"] == [{"backends": ["a", "b"], "share": 0.0}]


def test_what_cannot_be_read_or_is_of_other_pages_is_told_and_the_rest_is_there(
    client: S3Client, bucket: S3Uri
) -> None:
    folder = comparison_folder(bucket.join("r"), "theses")
    put_comparison(client, folder, dict.fromkeys(("a", "broken", "gone", "lost", "none", "other", "torn"), ("λ", "λ")))
    put_bytes(client, comparison_run_uri(folder, "broken"), b"?", "application/json")
    put_bytes(client, comparison_readings_uri(folder, "torn"), b'{"number": 1}\n{"num', "text/plain")
    client.delete_object(Bucket=folder.bucket, Key=comparison_readings_uri(folder, "gone").key)
    other = b'{"sample": "another"}'
    put_bytes(client, comparison_run_uri(folder, "other"), other, "application/json")
    none = RUN.to_json().replace(b'"slots": 4', b'"slots": 0')
    put_bytes(client, comparison_run_uri(folder, "none"), none, "application/json")
    picture = comparison_picture_uri(folder, 2)
    client.delete_object(Bucket=folder.bucket, Key=picture.key)
    lost = RUN.to_json().replace(b'"problem": ""', b'"problem": "no server"')
    put_bytes(client, comparison_run_uri(folder, "lost"), lost, "application/json")
    put_bytes(client, comparison_readings_uri(folder, "lost"), b"", "text/plain")
    found = read_comparison(client, folder)
    assert [(each["name"], each["problem"], each["figures"] is None) for each in found["backends"]] == [
        ("a", "", False),
        ("lost", "no server", True),
    ]
    broken, gone, slotless, different, torn, missing = found["problems"]
    assert broken.endswith("Compare broken again (-e compare_again=broken).")
    assert str(comparison_readings_uri(folder, "gone")) in gone
    assert gone.endswith("Compare gone again (-e compare_again=gone).")
    assert "slots is 0" in slotless
    assert different == "other was compared on other pages: compare it again."
    assert torn.endswith("Compare torn again (-e compare_again=torn).")
    assert missing.startswith(f"The picture of page 2 is missing ({picture}): another farm_compare_label")
    assert [page["picture"] for page in found["pages"]] == ["/9hwaWN0dXJl", ""]
    assert [each["name"] for each in found["pages"][0]["readings"]] == ["a"]
