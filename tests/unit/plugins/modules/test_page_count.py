# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import page_count
from ansible_collections.glossapi.farm.plugins.modules.page_count import options_from
from tests.support.module_options import documented_options

PARAMETERS: dict[str, Any] = {
    "bucket": "b",
    "prefix": "in/",
    "s3_output": "s3://b/out",
    "max_workers": 64,
    "chunk_size": 1000,
    "include_size": True,
    "resume_from": None,
    "parquet": False,
    "confirm_fewer": False,
    "part": 1,
    "parts": 1,
}


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(page_count) == page_count.ARGUMENTS


def test_options_name_the_source_and_the_output() -> None:
    options = options_from(PARAMETERS)
    assert (options.source, options.output) == (S3Uri("b", "in/"), S3Uri("b", "out"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("max_workers", 0, "max_workers is 0"),
        ("chunk_size", -1, "chunk_size is -1"),
        ("bucket", "s3://b", "give the bucket's name alone"),
        ("s3_output", "/local/folder", "is not an S3 address"),
    ],
)
def test_an_option_without_sense_is_named(name: str, value: object, message: str) -> None:
    with pytest.raises(FarmError, match=message):
        options_from(PARAMETERS | {name: value})
