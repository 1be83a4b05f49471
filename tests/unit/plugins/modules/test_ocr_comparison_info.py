# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import comparison_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import ocr_comparison_info
from tests.support.comparisons import put_comparison
from tests.support.module_options import documented_options

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class _Module:
    def __init__(self, parameters: dict[str, Any]) -> None:
        self.params = parameters


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(ocr_comparison_info) == ocr_comparison_info.ARGUMENTS


@pytest.mark.server
def test_it_answers_what_is_documented(
    client: S3Client, bucket: S3Uri, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_comparison(client, comparison_folder(bucket.join("r"), "theses"), {"one": ("text",), "other": ("text",)})
    monkeypatch.setattr(ocr_comparison_info, "connection_from", lambda _module: connection)
    answer = ocr_comparison_info.work(_Module({"results": str(bucket.join("r")), "label": "theses"}))
    assert answer.keys() - {"changed"} == yaml.safe_load(ocr_comparison_info.RETURN).keys()
    assert answer["changed"] is False
    assert answer["agreements"] == [{"backends": ["one", "other"], "share": 1.0}]
    with pytest.raises(FarmError, match="cannot name a folder"):
        ocr_comparison_info.work(_Module({"results": str(bucket), "label": "a/b"}))
