# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter import s3_names
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules.shard_manifest import ARGUMENTS

names_of = s3_names.FilterModule().filters()["s3_names"]


def test_every_name_is_documented() -> None:
    documented = yaml.safe_load(s3_names.RETURN)["_value"]["contains"]
    assert set(names_of("s3://work/farm", "s3://results/farm")) >= set(documented)


def test_the_names_are_those_that_modules_write() -> None:
    names = names_of("s3://work/farm", "s3://results/farm")
    assert names["table"] == str(table_uri(S3Uri("work", "farm")))
    assert names["summary"] == f"{names['shards']}/{ARGUMENTS['summary_name']['default']}"
    assert names["report_page"].startswith(f"{names['report']}/")
    assert names["status"] == "s3://results/farm/status"


@pytest.mark.parametrize("prefixes", [("work/farm", "s3://results"), ("s3://work", "results")])
def test_what_is_no_address_is_an_error_of_the_filter(prefixes: tuple[str, str]) -> None:
    with pytest.raises(AnsibleFilterError, match=r"s3_names: .* is not an S3 address"):
        names_of(*prefixes)
