# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import look_at, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.owned import put_owned
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server
TYPE = "text/markdown"


def owned() -> None:
    """Of an owner that nobody takes anything from."""


def taken_by(rival: Callable[[], object], before: int = 1) -> Callable[[], None]:
    """Return a look after which another takes over and writes; the owner, who has slept meanwhile, then learns it."""
    looks = 0

    def require_ownership() -> None:
        nonlocal looks
        looks += 1
        if looks == before:
            rival()
        elif looks > before:
            raise FarmError("it is another's by now")

    return require_ownership


@pytest.mark.parametrize("there", [False, True], ids=["new", "in place of an earlier run's"])
def test_bytes_and_files_are_written_by_their_owner(
    client: S3Client, bucket: S3Uri, tmp_path: Path, *, there: bool
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"of a file")
    for uri, body in ((bucket.join("a"), b"of bytes"), (bucket.join("b"), path)):
        if there:
            put_bytes(client, uri, b"earlier", TYPE)
        etag = put_owned(client, uri, body, TYPE, owned)
        assert read_bytes(client, uri) == (body if isinstance(body, bytes) else b"of a file")
        assert look_at(client, uri).etag == etag
        assert client.head_object(Bucket=uri.bucket, Key=uri.key)["ContentType"] == TYPE


def test_what_another_wrote_meanwhile_stays(client: S3Client, bucket: S3Uri) -> None:
    uri = bucket.join("a")
    require = taken_by(lambda: put_bytes(client, uri, b"the other's", TYPE))
    with pytest.raises(FarmError, match="another's by now"):
        put_owned(client, uri, b"late", TYPE, require)
    assert read_bytes(client, uri) == b"the other's"


def test_so_it_does_in_place_of_an_earlier_runs(client: S3Client, bucket: S3Uri) -> None:
    uri = bucket.join("a")
    put_bytes(client, uri, b"earlier", TYPE)
    # The first look is before it knows of that.
    require = taken_by(lambda: put_bytes(client, uri, b"the other's", TYPE), before=2)
    with pytest.raises(FarmError, match="another's by now"):
        put_owned(client, uri, b"late", TYPE, require)
    assert read_bytes(client, uri) == b"the other's"


def test_a_write_whose_reply_was_lost_is_its_own(
    client: S3Client, bucket: S3Uri, connection: Connection, s3_server: S3Server
) -> None:
    with FaultProxy(s3_server.endpoint_url, [Rule(Fault.REPLY_LOST, "PUT", times=1)]) as proxy:
        behind = replace(connection, endpoint_url=proxy.endpoint_url).client()
        etag = put_owned(behind, bucket.join("a"), b"mine", TYPE, owned)
    assert look_at(client, bucket.join("a")).etag == etag
    assert read_bytes(client, bucket.join("a")) == b"mine"


def test_who_never_gets_a_word_in_is_told(client: S3Client, bucket: S3Uri) -> None:
    uri, writes = bucket.join("a"), iter(range(100))

    def nobodys() -> None:
        put_bytes(client, uri, str(next(writes)).encode(), TYPE)

    with pytest.raises(S3Error, match="others write it all the time"):
        put_owned(client, uri, b"mine", TYPE, nobodys)
