# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small range reads by obstore: a tenth of the CPU time of boto3's ``get_object``.

They block. A thread for each read in flight takes half the CPU time of asyncio, whose loop every answer has to
pass through.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from .connection import DEFAULT_REGION, MAX_ATTEMPTS, Connection
from .errors import S3Error, describe, from_botocore
from .uri import S3Uri

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Credential, S3Store

# Of one request, from its connection to the last byte; the largest range read is 8 MiB.
_REQUEST_TIMEOUT = timedelta(seconds=60)
# botocore renews credentials ten minutes before their end, obstore asks again five minutes before
# the end it was told: told ten minutes, it never signs with expired ones.
_CREDENTIALS_LIFE = timedelta(minutes=10)
# A body that breaks is read again at once, then ever later, but never as patiently as a 503,
# for which obstore waits by itself.
_BODY_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.1
_CODE_IN_XML = re.compile(r"<Code>([^<]+)</Code>")
_STATUS_LINE = re.compile(r"status code: (\d{3})")
# The range begins behind the object's end.
_TOO_SHORT = {"InvalidRange", "416"}
# What obstore's paths cannot say: they drop empty parts, and reject dots and control characters.
_ODD_KEY = re.compile(r"(^|/)(\.{0,2})(/|$)|[\x00-\x1f\x7f\ud800-\udfff]")


class ChangedError(S3Error):
    """The object is not the one that was listed any more."""


class RangeReader:
    """Reads byte ranges of objects of one bucket, for many threads at a time.

    Attributes:
        requests: how many reads were made, those repeated after a broken body included.
        bytes_read: how many bytes of bodies came back.
    """

    def __init__(self, connection: Connection, bucket: str, in_flight: int) -> None:
        """Prepare for ``in_flight`` reads at a time.

        Raises:
            S3Error: the profile or the credentials cannot be had.
        """
        self._bucket = bucket
        self._credentials = _Credentials(connection, bucket)
        self._store = _store(connection, bucket, self._credentials)
        self._connection = connection
        self._in_flight = in_flight
        self._client: Any = None
        self._lock = Lock()
        self.requests = 0
        self.bytes_read = 0

    def read(self, key: str, start: int, end: int, etag: str) -> bytes:
        """Return the bytes from ``start`` up to ``end`` of the version that ``etag`` names.

        Raises:
            ChangedError: the object has another etag now.
            CredentialsError: no further read would succeed.
            MissingError: there is no such object, or bucket.
            S3Error: it could not be read after retries.
        """
        read_once = self._read_by_boto3 if _ODD_KEY.search(key) else self._read_by_obstore
        try:
            return self._retry(read_once, key, start, end, etag)
        except S3Error as error:
            # What is asked for is within what was listed.
            if error.code in _TOO_SHORT:
                raise self._changed(key) from error
            raise

    def _retry(
        self, read_once: Callable[[str, int, int, str], bytes], key: str, start: int, end: int, etag: str
    ) -> bytes:
        """Read until the body is whole."""
        for attempt in range(1, _BODY_ATTEMPTS + 1):
            with self._lock:
                self.requests += 1
            try:
                body = read_once(key, start, end, etag)
            except _BrokenBodyError as error:
                reason = str(error)
            else:
                with self._lock:
                    self.bytes_read += len(body)
                if len(body) == end - start:
                    return body
                reason = f"{len(body)} bytes came instead of {end - start}"
            if attempt < _BODY_ATTEMPTS:
                time.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 2**attempt))
        raise describe("IncompleteBody", reason, self._action(key))

    def _read_by_obstore(self, key: str, start: int, end: int, etag: str) -> bytes:
        import obstore
        from obstore.exceptions import BaseError

        try:
            result = obstore.get(self._store, key, options={"range": (start, end)})
            found = result.meta["e_tag"]
            if found is not None and found.strip('"') != etag:
                raise self._changed(key)
        except (BaseError, OSError) as error:
            raise self._failure(error, key) from error
        try:
            return bytes(result.bytes())
        except (BaseError, OSError) as error:
            raise _BrokenBodyError(_first_line(error)) from error

    def _read_by_boto3(self, key: str, start: int, end: int, etag: str) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError

        with self._lock:
            if self._client is None:
                self._client = self._connection.client(pool_size=self._in_flight)
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={start}-{end - 1}")
            if answer["ETag"].strip('"') != etag:
                raise self._changed(key)
            body: bytes = answer["Body"].read()
        except (HTTPClientError, IncompleteReadError) as error:
            raise _BrokenBodyError(str(error)) from error
        except (BotoCoreError, ClientError) as error:
            raise from_botocore(error, self._action(key)) from error
        return body

    def _failure(self, error: Exception, key: str) -> S3Error:
        """Return the error to raise for an exception of obstore."""
        if self._credentials.failure is not None:
            return self._credentials.failure
        text = str(error)
        code = _CODE_IN_XML.search(text) or _STATUS_LINE.search(text)
        if code is not None:
            return describe(code[1], _first_line(error), self._action(key))
        kind = "EndpointConnectionError" if "kind: Connect" in text else type(error).__name__
        return describe(kind, _first_line(error), self._action(key))

    def _changed(self, key: str) -> ChangedError:
        return ChangedError(f"Cannot {self._action(key)}: it was replaced after it was listed.", "Changed")

    def _action(self, key: str) -> str:
        return f"read {S3Uri(self._bucket, key)}"


class _BrokenBodyError(Exception):
    """The answer began and did not end."""


class _Credentials:
    """boto3's credentials for obstore, renewed when they are about to expire.

    Attributes:
        failure: why the last renewal failed; obstore itself would only pass on a text.
    """

    def __init__(self, connection: Connection, bucket: str) -> None:
        from botocore.exceptions import BotoCoreError

        self._action = f"read s3://{bucket}"
        self.failure: S3Error | None = None
        try:
            session = connection.session()
            credentials = session.get_credentials()
        except BotoCoreError as error:
            raise from_botocore(error, self._action) from error
        if credentials is None:
            raise describe("NoCredentialsError", "", self._action)
        self._credentials = credentials
        self.region = session.region_name or DEFAULT_REGION

    def __call__(self) -> S3Credential:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            frozen = self._credentials.get_frozen_credentials()
        except (BotoCoreError, ClientError) as error:
            self.failure = describe("CredentialRetrievalError", str(error), self._action)
            raise
        self.failure = None
        return {
            "access_key_id": str(frozen.access_key),
            "secret_access_key": str(frozen.secret_key),
            "token": frozen.token,
            "expires_at": datetime.now(UTC) + _CREDENTIALS_LIFE,
        }


def _store(connection: Connection, bucket: str, credentials: _Credentials) -> S3Store:
    from obstore.store import S3Store

    endpoint = connection.own_endpoint_url()
    client: ClientConfig = {"timeout": _REQUEST_TIMEOUT, "allow_http": endpoint is not None}
    if connection.verify is False:
        client["allow_invalid_certificates"] = True
    elif isinstance(connection.verify, str):
        client["root_certificate"] = Path(connection.verify).read_bytes()
    config: S3Config = {"region": credentials.region, "virtual_hosted_style_request": endpoint is None}
    if connection.requester_pays:
        config["request_payer"] = True
    if endpoint is not None:
        config["endpoint"] = endpoint
    return S3Store(
        bucket,
        config=config,
        client_options=client,
        # obstore's own pauses are exponential with jitter: from 0.1 s to at most 15 s.
        retry_config={"max_retries": MAX_ATTEMPTS - 1, "retry_timeout": timedelta(minutes=3)},
        credential_provider=credentials,
    )


def _first_line(error: Exception) -> str:
    """Return what obstore says before its debug output."""
    return " ".join(str(error).partition("\n\nDebug source")[0].split())
