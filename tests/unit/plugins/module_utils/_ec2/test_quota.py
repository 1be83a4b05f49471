# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.quota import Request, Standing, quota_of


@pytest.mark.parametrize(
    ("instance_type", "spot", "code"),
    [
        ("g5.12xlarge", False, "L-DB2E81BA"),
        ("g5.12xlarge", True, "L-3819A6DF"),
        ("g4dn.xlarge", False, "L-DB2E81BA"),
        ("gr6.4xlarge", False, "L-DB2E81BA"),
        ("vt1.3xlarge", False, "L-DB2E81BA"),
        ("p4d.24xlarge", False, "L-417A185B"),
        ("t3.micro", False, "L-1216C47A"),
        ("m5.large", True, "L-34B43A08"),
        ("im4gn.large", False, "L-1216C47A"),
        ("p3.16xlarge", True, "L-7212CCBC"),
        ("p4d.24xlarge", True, "L-7212CCBC"),
        ("p5.48xlarge", True, "L-C4BD4855"),
        ("p5en.48xlarge", True, "L-C4BD4855"),
        ("p6-b200.48xlarge", False, "L-417A185B"),
        ("g6e.12xlarge", True, "L-3819A6DF"),
        ("f2.6xlarge", False, "L-74FC7D96"),
        ("x2idn.16xlarge", True, "L-E3A00192"),
        ("inf2.xlarge", False, "L-1945791B"),
        ("trn1.2xlarge", True, "L-6B0D517C"),
        ("dl1.24xlarge", False, "L-6E869C2A"),
        ("hpc7a.96xlarge", False, "L-F7808C92"),
        ("u-6tb1.56xlarge", False, "L-43DA4232"),
        ("u7i-12tb.224xlarge", False, "L-43DA4232"),
    ],
)
def test_each_family_and_market_has_its_quota(instance_type: str, spot: bool, code: str) -> None:
    quota = quota_of(instance_type, spot=spot)
    assert quota is not None
    assert quota.code == code


@pytest.mark.parametrize(
    ("instance_type", "spot"),
    [("mac2.metal", False), ("p6-b200.48xlarge", True), ("p50.xlarge", True), ("hpc7a.96xlarge", True), ("", False)],
)
def test_what_no_quota_is_known_for_has_none(instance_type: str, spot: bool) -> None:
    assert quota_of(instance_type, spot=spot) is None


def test_a_quota_counts_its_own_market_alone() -> None:
    quota = quota_of("g5.12xlarge", spot=False)
    assert quota is not None
    assert quota.counts("g6.xlarge", spot=False)
    assert not quota.counts("g6.xlarge", spot=True)
    assert not quota.counts("t3.micro", spot=False)


def _request(limit: int, used: int, needed: int) -> Request:
    quota = quota_of("g5.12xlarge", spot=False)
    assert quota is not None
    return Request(quota, limit, used, needed)


@pytest.mark.parametrize(
    ("limit", "used", "needed", "covered"),
    [(192, 0, 192, True), (192, 48, 144, True), (192, 49, 144, False), (0, 0, 48, False), (64, 96, 0, True)],
)
def test_a_request_is_covered_by_what_is_free(limit: int, used: int, needed: int, covered: bool) -> None:
    assert _request(limit, used, needed).covered is covered


def test_the_message_has_the_numbers_and_what_to_ask_for() -> None:
    message = _request(96, 48, 144).message()
    assert "96 vCPUs allowed, 48 in use, 48 free, 144 needed" in message
    assert "Ask for a quota of 192 or more in Service Quotas (Amazon EC2, L-DB2E81BA)" in message
    assert "Ask" not in _request(192, 0, 192).message()


def _of(instance_type: str, limit: int, needed: int) -> tuple[str, Request | None]:
    quota = quota_of(instance_type, spot=False)
    return instance_type, None if quota is None else Request(quota, limit, 0, needed)


@pytest.mark.parametrize(
    ("requests", "enough", "short"),
    [
        ([_of("g5.12xlarge", 192, 192)], True, 0),
        ([_of("g5.12xlarge", 191, 192)], False, 1),
        # Three of one, and one of the other.
        ([_of("g5.12xlarge", 150, 192), _of("p4d.24xlarge", 96, 384)], True, 2),
        # They share a quota, which has room for three.
        ([_of("g5.12xlarge", 150, 192), _of("g6.12xlarge", 150, 192)], False, 2),
        ([_of("g5.12xlarge", 150, 192), _of("g6.8xlarge", 150, 128)], True, 1),
        ([_of("g5.12xlarge", 0, 192), _of("mac2.metal", 0, 0)], True, 1),
    ],
)
def test_types_that_will_do_are_held_against_their_quotas_together(
    requests: list[tuple[str, Request | None]], enough: bool, short: int
) -> None:
    standing = Standing(4, requests)
    assert standing.enough is enough
    assert len(standing.short) == short


def test_what_is_short_names_its_type_and_what_has_no_quota_is_told_once() -> None:
    standing = Standing(4, [_of("g5.12xlarge", 0, 192), ("mac2.metal", None), ("mac2.metal", None)])
    assert standing.short[0].startswith("g5.12xlarge: Running On-Demand G and VT instances (L-DB2E81BA): ")
    assert standing.unknown == ["mac2.metal"]
