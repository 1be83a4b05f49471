# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.run import Compared, RunOptions
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import BackendRun
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.modules import ocr_comparison
from tests.support.module_options import documented_options

_PARAMETERS = {name: each.get("default") for name, each in ocr_comparison.ARGUMENTS.items()} | {
    "counts": "s3://m/table.csv",
    "results": "s3://r",
    "label": "theses",
    "name": "tess",
    "backend": "tesseract",
    "shard": 1,
    "node": "node",
    "workdir": "/mnt/data",
}


class _Module:
    check_mode = False
    params: dict[str, Any] = _PARAMETERS


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(ocr_comparison) == ocr_comparison.ARGUMENTS


def test_each_option_reaches_the_comparison() -> None:
    options = ocr_comparison.options_from(_PARAMETERS | {"slots": ["2", "3"], "again": True, "pages": 7})
    assert (options.slots, options.again, options.workdir) == (("2", "3"), True, Path("/mnt/data"))
    assert (str(options.comparison.folder), options.comparison.pages) == ("s3://r/compare/theses/", 7)
    of_the_comparison = {"counts", "results", "label", "pages"}
    own = {field.name for field in fields(RunOptions)} - {"comparison"}
    assert ocr_comparison.ARGUMENTS.keys() == own | of_the_comparison


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"workdir": "data"}, "workdir is data: it must be an absolute path"),
        ({"results": "r"}, "not an S3 address"),
        ({"backend": "pdftext"}, "There is no OCR backend 'pdftext'"),
    ],
)
def test_what_makes_no_sense_is_refused(other: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        ocr_comparison.options_from(_PARAMETERS | other)


@pytest.mark.parametrize(
    ("run", "told"),
    [(BackendRun(problem="no server"), ("no server", 0.0)), (BackendRun(seconds=2.5), ("", 2.5)), (None, ("", 0.0))],
)
def test_it_answers_what_is_documented(
    monkeypatch: pytest.MonkeyPatch, run: BackendRun | None, told: tuple[str, float]
) -> None:
    monkeypatch.setattr(ocr_comparison, "connection_from", lambda _module: Connection())
    monkeypatch.setattr(ocr_comparison, "compare", lambda *_options, **_check: Compared(True, run, 24))
    answer = ocr_comparison.work(_Module())
    assert answer.keys() - {"changed"} == yaml.safe_load(ocr_comparison.RETURN).keys()
    assert (answer["changed"], answer["pages"]) == (True, 24)
    assert (answer["problem"], answer["seconds"]) == told
