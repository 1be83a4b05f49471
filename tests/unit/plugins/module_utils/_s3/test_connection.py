# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from unittest.mock import Mock, patch

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.loaders import JSONFileLoader
from urllib3 import HTTPResponse

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import MAX_ATTEMPTS, Connection
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server

pytestmark = pytest.mark.server


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


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_an_endpoint_without_a_scheme_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FarmError, match=r"^endpoint_url is '127\.0\.0\.1:1', .* write it as http://host:port\.$"):
        Connection(endpoint_url="127.0.0.1:1")
    monkeypatch.setenv(name, "127.0.0.1:2")
    with pytest.raises(FarmError, match=rf"^{name} is '127\.0\.0\.1:2', "):
        Connection()


def test_a_profile_beside_keys_is_refused_where_nobody_knows_which_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FarmError, match="Both the profile work and keys are given"):
        Connection(profile="work", access_key="id", secret_key="hidden")
    monkeypatch.setenv("AWS_PROFILE", "work")
    with pytest.raises(FarmError, match=r"both AWS_PROFILE \(work\) and AWS_ACCESS_KEY_ID"):
        Connection()
    assert Connection(profile="other").profile == "other"
    assert Connection(access_key="id", secret_key="hidden").access_key == "id"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert Connection().profile is None


def test_credentials_of_this_process_alone_cannot_be_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Connection().can_renew()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert Connection(profile="farm").can_renew()
    assert not Connection(access_key="id", secret_key="hidden").can_renew()


def test_a_request_is_tried_as_often_as_said_the_first_time_included(s3_server: S3Server) -> None:
    with FaultProxy(s3_server.endpoint_url) as proxy, patch("time.sleep"):
        proxy.rules = [Rule(Fault.SLOW_DOWN)]
        client = Connection(endpoint_url=proxy.endpoint_url, access_key="id", secret_key="hidden").client()
        with pytest.raises(ClientError, match="SlowDown"):
            client.list_buckets()
        assert len(proxy.log) == MAX_ATTEMPTS


@pytest.mark.parametrize("text", ["2026-11-24T10:20:30.000Z", "2026-11-24T10:20:30Z", "Tue, 24 Nov 2026 10:20:30 GMT"])
def test_every_way_to_write_a_time_is_understood(text: str) -> None:
    body = f"<ListBucketResult><Contents><Key>a</Key><LastModified>{text}</LastModified></Contents></ListBucketResult>"
    client = Connection(endpoint_url="http://127.0.0.1:9", access_key="id", secret_key="hidden").client()
    raw = HTTPResponse(BytesIO(body.encode()), preload_content=False)
    answer = AWSResponse("http://127.0.0.1:9", 200, HTTPHeaders(), raw)
    with patch("botocore.httpsession.URLLib3Session.send", return_value=answer):
        listed = client.list_objects_v2(Bucket="b")
    assert listed["Contents"][0]["LastModified"] == datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(("requester_pays", "sent"), [(True, "requester"), (False, None)])
def test_each_request_says_who_pays(requester_pays: bool, sent: str | None) -> None:
    client = Connection(
        endpoint_url="http://127.0.0.1:9", access_key="id", secret_key="hidden", requester_pays=requester_pays
    ).client()
    raw = HTTPResponse(BytesIO(b"<ListBucketResult></ListBucketResult>"), preload_content=False)
    answer = AWSResponse("http://127.0.0.1:9", 200, HTTPHeaders(), raw)
    with patch("botocore.httpsession.URLLib3Session.send", return_value=answer) as send:
        client.list_objects_v2(Bucket="b")
    headers = send.call_args.args[0].headers
    said = headers.get("x-amz-request-payer")
    assert (said.decode() if isinstance(said, bytes) else said) == sent
    assert ("x-amz-request-payer" in str(headers["Authorization"])) is requester_pays


def test_what_s3_is_like_is_read_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    Connection(region="eu-west-1").client()
    monkeypatch.setattr(JSONFileLoader, "load_file", Mock(side_effect=AssertionError("a file is read again")))
    assert Connection(region="eu-central-1").client().meta.region_name == "eu-central-1"


def test_descriptions_of_services_are_looked_for_where_a_profile_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(f"[profile own]\ndata_path = {tmp_path}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for profile, known in (("own", True), (None, False)):
        loader = Connection(profile=profile).session()._session.get_component("data_loader")
        assert (str(tmp_path) in loader.search_paths) is known
