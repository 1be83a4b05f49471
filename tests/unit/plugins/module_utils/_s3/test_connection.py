# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection


def test_a_connection_does_not_show_its_secrets() -> None:
    shown = repr(Connection(access_key="public", secret_key="hidden", session_token="hidden too"))
    assert "hidden" not in shown


def test_the_endpoint_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1234")
    assert Connection().own_endpoint_url() == "http://127.0.0.1:1234"


def test_an_endpoint_of_aws_is_not_one_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert Connection(region="eu-west-1").own_endpoint_url() is None


def test_the_option_wins_over_the_environment() -> None:
    connection = Connection(endpoint_url="http://127.0.0.1:4321")
    assert connection.own_endpoint_url() == "http://127.0.0.1:4321"
    assert connection.client().meta.endpoint_url == "http://127.0.0.1:4321"
