# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3 import listing
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.listing import Share, list_at_once, list_objects_at_once
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import (
    Level,
    list_objects,
    list_pages,
    put_bytes,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TREES = {
    "nothing": [],
    "no folder": ["a.pdf", "b.pdf"],
    "folders and objects at every level": [
        "a.pdf",
        "x/b.pdf",
        "x/y/c.pdf",
        "x/y/z/d.pdf",
        "x/y/z/w/e.pdf",
        "x-1/f.pdf",
        "x.pdf",
        "λ/g h,i.pdf",
    ],
    "many folders": [f"{folder:02}/{name}.pdf" for folder in range(20) for name in "ab"],
    "a chain of single folders": ["1/2/3/4/5/6/a.pdf"],
}


@pytest.mark.parametrize("keys", TREES.values(), ids=TREES.keys())
@pytest.mark.parametrize("prefix", ["in/", "in/x", ""])
def test_every_object_is_listed_once(client: S3Client, bucket: S3Uri, keys: list[str], prefix: str) -> None:
    for key in keys:
        put_bytes(client, S3Uri(bucket.bucket, f"in/{key}"), b"x", "application/pdf")
    expected = list(list_objects(client, S3Uri(bucket.bucket, prefix)))
    found = [item for page in list_at_once(client, S3Uri(bucket.bucket, prefix)) for item in page]
    assert sorted(found) == sorted(expected)
    assert len(expected) >= len(keys) * (prefix != "in/x")


@pytest.mark.parametrize("keys", TREES.values(), ids=TREES.keys())
@pytest.mark.parametrize("parts", [2, 3])
def test_the_parts_of_a_listing_have_every_object_once(
    client: S3Client, bucket: S3Uri, keys: list[str], parts: int
) -> None:
    for key in keys:
        put_bytes(client, bucket.join(key), b"x", "application/pdf")
    shares = [Share(number, parts) for number in range(1, parts + 1)]
    found = [item for share in shares for page in list_at_once(client, bucket, share) for item in page]
    assert sorted(found) == sorted(list_objects(client, bucket))


def test_where_there_are_many_folders_a_part_lists_its_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_LISTINGS", 4)
    listed: set[str] = set()
    Listings(monkeypatch, lambda folder, _number: listed.add(folder))
    pages = list(list_at_once(object(), S3Uri("b"), Share(2, 3)))  # type: ignore[arg-type]
    assert listed == {"01/", "04/", "07/", "10/"}
    assert len([page for page in pages if page]) == 12


def test_a_level_of_too_many_names_for_one_answer_is_listed_as_one(client: S3Client, bucket: S3Uri) -> None:
    def limited(**arguments: Any) -> Any:
        return original(**arguments | {"MaxKeys": 2})

    keys = [f"{folder}/{name}.pdf" for folder in "abc" for name in "12"]
    for key in keys:
        put_bytes(client, S3Uri(bucket.bucket, key), b"x", "application/pdf")
    original, client.list_objects_v2 = client.list_objects_v2, limited  # type: ignore[method-assign]
    assert [item.uri.key for page in list_at_once(client, bucket) for item in page] == keys


@pytest.mark.parametrize("beside", [1, 20])
def test_what_nobody_needs_is_not_listed_and_its_neighbours_are(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch, beside: int
) -> None:
    for key in ("_x/a/1.pdf", "_x/a/b/2.pdf", "_x/ab/3.pdf", "_x/4.pdf", *(f"{each}/5.pdf" for each in range(beside))):
        put_bytes(client, bucket.join(key), b"x", "application/pdf")
    expected = [item for item in list_objects(client, bucket) if "_x/a/" not in item.uri.key]
    listed: list[str] = []

    def list_one(client: S3Client, prefix: S3Uri) -> Any:
        listed.append(prefix.key)
        return list_pages(client, prefix)

    monkeypatch.setattr(listing, "list_pages", list_one)
    found = list_objects_at_once(client, bucket.join(""), without=[bucket.join("_x", "a", "")])
    assert sorted(found) == sorted(expected)
    assert not [key for key in listed if key.endswith(("_x/", "_x/a/"))]


class Listings:
    """In the place of S3: twelve folders of three pages each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, page: Callable[[str, int], None]) -> None:
        self.pages = 0
        self._page = page
        folders = [S3Uri("b", f"{number:02}/") for number in range(12)]
        monkeypatch.setattr(listing, "list_level", lambda _client, _prefix: Level([], folders))
        monkeypatch.setattr(listing, "list_pages", self._list)

    def _list(self, _client: object, prefix: S3Uri) -> Any:
        for number in range(3):
            self.pages += 1
            self._page(prefix.key, number)
            yield [(prefix.key, number)]


def test_eight_folders_are_listed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(8)

    def page(folder: str, number: int) -> None:
        if number == 0 and folder < "08/":
            # Passed only where eight wait for each other.
            together.wait(timeout=60)

    Listings(monkeypatch, page)
    found = [item for page in list_at_once(object(), S3Uri("b")) for item in page]  # type: ignore[arg-type]
    assert sorted(map(tuple, found)) == [(f"{folder:02}/", number) for folder in range(12) for number in range(3)]


def test_a_caller_that_stops_has_one_page_of_each_listing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    listings = Listings(monkeypatch, lambda _folder, _number: None)
    pages = list_at_once(object(), S3Uri("b"))  # type: ignore[arg-type]
    assert not next(pages)
    next(pages)
    pages.close()
    # The eight that began, and the one that went on.
    assert listings.pages <= 9
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")]


def test_the_error_of_one_listing_ends_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def page(folder: str, number: int) -> None:
        if (folder, number) == ("03/", 1):
            raise S3Error("Cannot list s3://b/03/: no.", "AccessDenied")

    Listings(monkeypatch, page)
    with pytest.raises(S3Error, match="Cannot list s3://b/03/"):
        list(list_at_once(object(), S3Uri("b")))  # type: ignore[arg-type]
