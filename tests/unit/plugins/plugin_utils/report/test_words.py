# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.words import (
    console_link,
    cut_of,
    percent,
    point_in_time,
    time_of_day,
    written_time,
)


def test_a_time_is_told_in_utc() -> None:
    assert point_in_time(0.0) == "1970-01-01 00:00"
    assert time_of_day(61.5) == "00:01:01"
    assert written_time("2026-11-28T14:05:59+00:00") == "2026-11-28 14:05"
    assert written_time("2026-11-28T14:05:59+02:00") == "2026-11-28 12:05"


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(0, 3, "0.0 %"), (1, 3, "33.3 %"), (9_999_999, 10_000_000, "99.9 %"), (7, 7, "100.0 %")]
)
def test_only_all_of_it_is_a_hundred_per_cent(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told
    assert percent(0, 0) == "100.0 %"


def test_an_object_is_linked_by_its_whole_key() -> None:
    link = console_link('s3://results/status/_logs/a&b="c" #1.pdf.2.log', "eu-south-1")
    parts = urlsplit(link)
    assert (parts.scheme, parts.hostname, parts.path) == (
        "https",
        "eu-south-1.console.aws.amazon.com",
        "/s3/object/results",
    )
    assert parse_qs(parts.query)["prefix"] == ['status/_logs/a&b="c" #1.pdf.2.log']


@pytest.mark.parametrize("uri", ["", None, "javascript:alert(1)", "https://elsewhere/x", "s3://", "s3:///log"])
def test_what_is_no_object_is_not_linked(uri: str | None) -> None:
    assert console_link(uri, "us-east-1") == ""


def test_without_a_region_nothing_is_linked() -> None:
    assert console_link("s3://results/a", "") == ""


def test_a_key_that_is_no_utf_8_is_linked_by_its_bytes() -> None:
    assert "prefix=%FF" in console_link("s3://results/\udcff", "us-east-1")


def test_a_cut_is_its_shards_or_all_its_pieces() -> None:
    assert cut_of({"shards": [{"shard": 1}], "pieces": None}) == [{"shard": 1}]
    assert cut_of({"shards": [{"shard": 1}], "pieces": {"number": 9}}) == [{"number": 9}]
