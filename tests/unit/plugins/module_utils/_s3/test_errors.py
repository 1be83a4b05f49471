# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.parsers import ResponseParserError

from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import (
    AccessError,
    CredentialsError,
    MissingError,
    S3Error,
    describe,
    from_botocore,
)


def _answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "what S3 said"}}, "GetObject")


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        (_answer("ExpiredToken"), CredentialsError, "renew them"),
        (_answer("SignatureDoesNotMatch"), CredentialsError, "secret key"),
        (_answer("NoSuchBucket"), MissingError, "check the name"),
        (_answer("AccessDenied"), AccessError, "policy"),
        (_answer("SlowDown"), S3Error, "fewer workers"),
        (_answer("Surprise"), S3Error, "what S3 said"),
        (NoCredentialsError(), CredentialsError, "set a profile"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), S3Error, "check endpoint_url"),
    ],
)
def test_an_error_says_what_failed_where_and_what_to_do(error: Exception, kind: type[S3Error], advice: str) -> None:
    found = from_botocore(error, "read s3://raw/a.pdf")
    assert type(found) is kind
    assert str(found).startswith("Cannot read s3://raw/a.pdf: ")
    assert advice in str(found)
    assert found.code in str(found)


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE HTML PUBLIC>\n<title>404</title>", "\n<HTML><body>", '<?xml version="1.0"?>']
)
def test_a_servers_page_is_not_repeated(page: str) -> None:
    assert str(describe("404 page", page, "list")) == "Cannot list: a web page (404 page)."
    assert str(describe("Odd", f"not found: {page}", "list")) == "Cannot list: not found: a web page (Odd)."
    assert str(describe("Odd", "tags < html", "list")) == "Cannot list: tags < html (Odd)."
    unparsed = from_botocore(ResponseParserError(f"Unable to parse response: b'{page}'"), "list")
    assert str(unparsed) == (
        "Cannot list: what answers is not AWS: check endpoint_url, and proxies between (ResponseParserError)."
    )
    assert unparsed.is_transient


@pytest.mark.parametrize(
    ("code", "is_transient", "is_expired"),
    [
        ("EndpointConnectionError", True, False),
        ("503", True, False),
        ("SlowDown", True, False),
        ("ExpiredToken", False, True),
        ("UnauthorizedSSOTokenError", False, True),
        ("AccessDenied", False, False),
        ("NoSuchBucket", False, False),
        ("InvalidAccessKeyId", False, False),
        ("PermanentRedirect", False, False),
    ],
)
def test_what_may_go_better_later_is_told_from_what_does_not(code: str, is_transient: bool, is_expired: bool) -> None:
    error = describe(code, "no", "list s3://bucket")
    assert (error.is_transient, error.is_expired) == (is_transient, is_expired)
