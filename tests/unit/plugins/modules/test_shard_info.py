# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import yaml

from ansible_collections.glossapi.farm.plugins.modules import shard_info
from tests.support.module_options import documented_options
from tests.support.report_values import farm_of_days, report_values


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_info) == shard_info.ARGUMENTS


def test_every_returned_value_is_documented() -> None:
    documented = yaml.safe_load(shard_info.RETURN)
    values = report_values()
    assert values.keys() == documented.keys()
    for name in ("reconciliation", "costs"):
        assert values[name].keys() == documented[name]["contains"].keys()
    for name in ("shards", "failed_documents", "documents_without_formulas", "durations"):
        assert values[name][0].keys() == documented[name]["sample"][0].keys()
    of_days = farm_of_days(1)[0]
    assert of_days["worst_documents"][0].keys() == documented["worst_documents"]["sample"][0].keys()
    assert of_days["shards"][0]["quality"].keys() == documented["shards"]["sample"][0]["quality"].keys()
    assert values["outcomes"].keys() == documented["outcomes"]["sample"].keys()
    assert values["no_shard"].keys() == documented["no_shard"]["sample"].keys()
    assert values["balance"].keys() == documented["balance"]["sample"].keys()
    assert "skipped" not in values, "Ansible would show the task as skipped"


def test_a_file_has_the_report_or_with_a_name_that_says_json_every_value() -> None:
    result = {"report": "all is well", "costs": None, "shards": [{"node": "Κόμβος"}]}
    assert shard_info.as_file(Path("report.txt"), result) == b"all is well\n"
    assert json.loads(shard_info.as_file(Path("report.json"), result)) == result
