# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("s3://raw/theses/a.pdf", "raw", "theses/a.pdf"),
        ("s3://raw/", "raw", ""),
        ("s3://raw", "raw", ""),
        ("s3://raw/a//b?c#d%20e.pdf", "raw", "a//b?c#d%20e.pdf"),
    ],
)
def test_an_address_has_a_bucket_and_a_key(text: str, bucket: str, key: str) -> None:
    assert S3Uri.parse(text) == S3Uri(bucket, key)


@pytest.mark.parametrize("text", ["", "raw/theses", "https://raw/a", "s3://", "s3:///a"])
def test_anything_else_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(FarmError, match="s3://<bucket>/<key>"):
        S3Uri.parse(text)


def test_joining_puts_single_slashes_between_parts_and_keeps_the_name_as_it_is() -> None:
    assert str(S3Uri("results", "run/").join("status", "a//b.pdf.done")) == "s3://results/run/status/a//b.pdf.done"
    assert str(S3Uri("results").join("status/", "a.done")) == "s3://results/status/a.done"


@pytest.mark.parametrize(
    ("key", "can_exist"), [("θ" * 512, True), ("θ" * 512 + "a", False), ("a\udce9.pdf", False), ("", True)]
)
def test_a_key_is_utf_8_of_1024_bytes_at_most(key: str, can_exist: bool) -> None:
    assert S3Uri("raw", key).can_exist is can_exist
