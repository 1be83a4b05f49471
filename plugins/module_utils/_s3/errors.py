# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an S3 error means for the operator."""

from __future__ import annotations

import re

from .._errors import FarmError


class S3Error(FarmError):
    """A request to S3 failed for good.

    Attributes:
        code: S3's error code, or the name of the client's exception where no answer came.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed later: S3 was out of reach or out of order."""
        return self.code in _OUT_OF_REACH

    @property
    def is_expired(self) -> bool:
        """Whether it may succeed once somebody has renewed the credentials."""
        return self.code in _EXPIRED


class CredentialsError(S3Error):
    """No credentials, or S3 does not accept them (any more): every further request would fail too."""


class MissingError(S3Error):
    """The bucket or the object does not exist."""


class AccessError(S3Error):
    """The credentials are good but may not do this."""


# Of the network between, and of a server that has trouble of its own.
_OUT_OF_REACH = frozenset({
    "BadGateway",
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "EndpointConnectionError",
    "GatewayTimeout",
    "HTTPClientError",
    "IncompleteReadError",
    "InternalError",
    "ProxyConnectionError",
    "ReadTimeoutError",
    "RequestTimeTooSkewed",
    "RequestTimeout",
    "ResponseParserError",
    "ResponseStreamingError",
    "SSLError",
    "ServiceUnavailable",
    "SlowDown",
    *map(str, range(500, 505)),
})  # fmt: skip
_EXPIRED = frozenset({
    "CredentialRetrievalError",
    "ExpiredToken",
    "ExpiredTokenException",
    "SSOTokenLoadError",
    "TokenRefreshRequired",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
})  # fmt: skip
# What the codes mean that say that credentials are missing or not good (any more).
CREDENTIALS_MEANINGS = {
    "ExpiredToken": "the session's credentials have expired: renew them and run the command again",
    "ExpiredTokenException": "the session's credentials have expired: renew them and run the command again",
    "TokenRefreshRequired": "the session's credentials must be renewed",
    "InvalidToken": "the session token is not valid: renew the credentials",
    "InvalidAccessKeyId": "the access key does not exist: check the profile or the environment",
    "SignatureDoesNotMatch": "the secret key does not match the access key",
    "RequestTimeTooSkewed": "this machine's clock is wrong: set it by NTP",
    "NoCredentialsError": "no credentials were found: set a profile, the environment, or an instance profile",
    "PartialCredentialsError": "the credentials are incomplete",
    "TokenRetrievalError": "the single sign-on session has expired: log in again",
    "SSOTokenLoadError": "the single sign-on session is missing: log in first",
    "UnauthorizedSSOTokenError": "the single sign-on session has expired: log in again",
    "CredentialRetrievalError": "the credentials could not be renewed",
    "ProfileNotFound": "the AWS configuration has no such profile: check AWS_PROFILE, or the option profile",
}
_MISSING = {
    "NoSuchBucket": "the bucket does not exist in this account and region: check the name, or create it",
    "NoSuchKey": "there is no such object",
    "404": "there is no such bucket or object",
}
_ACCESS = {
    "AccessDenied": "access is denied: the policy of the user or role must allow it",
    "403": "access is denied: the policy of the user or role must allow it",
    "AllAccessDisabled": "the bucket is disabled",
}
_OTHER = {
    "EndpointConnectionError": "the endpoint cannot be reached: check endpoint_url, region and the network",
    "ConnectTimeoutError": "the endpoint does not answer: check the network",
    "ReadTimeoutError": "the endpoint stopped answering",
    "InvalidObjectState": "it is archived: restore it",
    "SlowDown": "S3 keeps throttling: run the command again later or with fewer workers",
    "PermanentRedirect": "the bucket is in another region: set region to it",
    "AuthorizationHeaderMalformed": "the bucket is in another region: set region to it",
    "ResponseParserError": "what answers is not AWS: check endpoint_url, and proxies between",
}
# A proxy, or another server than AWS's, answers with a page of its own, which clients hand on as the message.
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml)\b.*", re.IGNORECASE | re.DOTALL)


def describe(code: str, detail: str, action: str) -> S3Error:
    """Return the error to raise for S3's ``code``.

    Args:
        code: S3's error code or the client exception's name.
        detail: what the server or client said, for codes without a meaning of our own.
        action: what was tried and where, as in ``"list s3://bucket/prefix"``.
    """
    for kind, meanings in (
        (CredentialsError, CREDENTIALS_MEANINGS),
        (MissingError, _MISSING),
        (AccessError, _ACCESS),
        (S3Error, _OTHER),
    ):
        if code in meanings:
            return kind(f"Cannot {action}: {meanings[code]} ({code}).", code)
    return S3Error(f"Cannot {action}: {in_words(detail)} ({code}).", code)


def in_words(detail: str) -> str:
    """Return what a server said, with "a web page" in the place of one."""
    return _PAGE.sub(" a web page", detail).strip()


def from_botocore(error: Exception, action: str) -> S3Error:
    """Return the error to raise for an exception of botocore (see :func:`describe`)."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        answer = response["Error"]
        code = str(answer.get("Code") or response.get("ResponseMetadata", {}).get("HTTPStatusCode", "Unknown"))
        return describe(code, str(answer.get("Message") or error), action)
    return describe(type(error).__name__, str(error), action)
