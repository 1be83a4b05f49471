# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.hub import (
    HubOptions,
    Uploaded,
    require_token,
    token_of,
    upload_dataset,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.dataset_hub import READER, TOKEN, DatasetHub, dataset_hub

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [
    pytest.mark.server,
    # The library's own call of its HTTP library, where it uploads without Xet.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
]

_FILES = {
    "train-00000.jsonl.zst": b"first" * 1000,
    "train-00001.jsonl.zst": b"second" * 1000,
    "metadata.parquet": b"table",
    "glossapi/sections-00000.parquet": b"sections",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetHub]:
    """A hub, which has no other store for large files than its own."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    with dataset_hub() as started:
        yield started


def put_dataset(client: S3Client, bucket: S3Uri, files: dict[str, bytes], card: str = "# Theses\n") -> None:
    listed = [
        {"name": name, "bytes": len(body), "sha256": sha256(body).hexdigest()} for name, body in sorted(files.items())
    ]
    texts = {"README.md": card.encode(), "manifest.json": json.dumps({"files": listed}).encode()}
    for name, body in {**files, **texts}.items():
        put_bytes(client, bucket.join("theses", name), body, "application/octet-stream")


def run(
    client: S3Client,
    bucket: S3Uri,
    hub: DatasetHub,
    *,
    token: str = TOKEN,
    private: bool = True,
    check_mode: bool = False,
) -> Uploaded:
    options = HubOptions("gfoss/theses", private, hub.url)
    return upload_dataset(client, bucket.join("theses", ""), options, token, check_mode=check_mode)


@pytest.mark.parametrize("private", [True, False])
def test_a_repository_that_is_missing_is_made_and_a_second_run_sends_nothing(
    client: S3Client, bucket: S3Uri, hub: DatasetHub, private: bool
) -> None:
    put_dataset(client, bucket, _FILES)
    announced = run(client, bucket, hub, private=private, check_mode=True)
    assert (announced.changed, announced.created, hub.repositories) == (True, True, {})
    made = run(client, bucket, hub, private=private)
    repository = hub.repositories["gfoss/theses"]
    assert (made.changed, made.created, made.uploaded, made.deleted) == (True, True, 6, 0)
    assert made.commit == repository.commits[-1]
    assert repository.private is private
    assert repository.files.keys() == {*_FILES, "README.md", "manifest.json"}
    assert {name: repository.files[name] for name in _FILES} == _FILES
    for check_mode in (False, True):
        again = run(client, bucket, hub, private=private, check_mode=check_mode)
        assert again == Uploaded(False, False, 0, 0, 0, made.commit)
    assert len(hub.sent) == len(_FILES)


def test_what_has_changed_is_sent_and_what_is_no_more_is_deleted_in_one_commit(
    client: S3Client, bucket: S3Uri, hub: DatasetHub
) -> None:
    put_dataset(client, bucket, _FILES)
    run(client, bucket, hub)
    repository = hub.repositories["gfoss/theses"]
    repository.files["notes.md"] = b"of somebody else"
    fewer = {name: body for name, body in _FILES.items() if "00001" not in name}
    put_dataset(client, bucket, {**fewer, "train-00000.jsonl.zst": b"another"})
    made = run(client, bucket, hub)
    # The manifest, too.
    assert (made.changed, made.created, made.uploaded, made.deleted) == (True, False, 2, 1)
    assert repository.files["train-00000.jsonl.zst"] == b"another"
    assert repository.files["notes.md"] == b"of somebody else"
    assert "train-00001.jsonl.zst" not in repository.files
    assert len(repository.commits) == 3


def test_an_upload_that_was_interrupted_is_gone_on_with(client: S3Client, bucket: S3Uri, hub: DatasetHub) -> None:
    put_dataset(client, bucket, _FILES)
    hub.refuse_after = 2
    with pytest.raises(FarmError, match=r"Cannot upload .* to gfoss/theses .* what is there already is not sent again"):
        run(client, bucket, hub)
    assert hub.repositories["gfoss/theses"].files == {}
    hub.refuse_after = None
    assert run(client, bucket, hub).changed
    assert sorted(hub.sent) == sorted(sha256(body).hexdigest() for body in _FILES.values())


@pytest.mark.parametrize(
    ("token", "message"),
    [("hf_unknown-to-all", "does not know the token"), (READER, "needs the right to write")],
)
def test_a_token_that_will_not_do_is_told_and_in_no_message(
    client: S3Client, bucket: S3Uri, hub: DatasetHub, token: str, message: str
) -> None:
    put_dataset(client, bucket, _FILES)
    with pytest.raises(FarmError, match=message) as caught:
        run(client, bucket, hub, token=token)
    assert token not in str(caught.value)
    assert hub.repositories == {}


def test_whether_the_hub_knows_the_token_can_be_asked_before_there_is_a_dataset(
    client: S3Client, bucket: S3Uri, hub: DatasetHub
) -> None:
    options = HubOptions("gfoss/theses", endpoint=hub.url)
    require_token(client, bucket.join("none", ""), options, TOKEN)
    with pytest.raises(FarmError, match="does not know the token"):
        require_token(client, bucket.join("none", ""), options, "hf_revoked")
    assert hub.repositories == {}


def test_a_hub_that_does_not_answer_is_told(client: S3Client, bucket: S3Uri) -> None:
    put_dataset(client, bucket, _FILES)
    with pytest.raises(FarmError, match=r"Cannot ask whose token it is .* on http://127\.0\.0\.1:9"):
        run(client, bucket, DatasetHub("http://127.0.0.1:9"))


def test_what_somebody_else_commits_meanwhile_is_not_written_over(
    client: S3Client, bucket: S3Uri, hub: DatasetHub
) -> None:
    put_dataset(client, bucket, _FILES)
    hub.commit_in_between = True
    with pytest.raises(FarmError, match="Somebody else has committed there meanwhile"):
        run(client, bucket, hub)
    assert hub.repositories["gfoss/theses"].files == {}


def test_a_file_that_is_another_than_the_manifest_tells_is_not_sent(
    client: S3Client, bucket: S3Uri, hub: DatasetHub
) -> None:
    put_dataset(client, bucket, _FILES)
    put_bytes(client, bucket.join("theses", "metadata.parquet"), b"another", "text/plain")
    with pytest.raises(FarmError, match=r"metadata\.parquet is another than manifest\.json tells: collect"):
        run(client, bucket, hub)
    assert b"another" not in hub.large.values()


def test_without_a_dataset_there_is_nothing_to_upload(client: S3Client, bucket: S3Uri, hub: DatasetHub) -> None:
    with pytest.raises(NotYetError, match="Collect it first"):
        run(client, bucket, hub)
    put_dataset(client, bucket, _FILES)
    put_bytes(client, bucket.join("theses", "manifest.json"), b'{"files": [{}]}', "application/json")
    with pytest.raises(FarmError, match="is no manifest of a dataset"):
        run(client, bucket, hub)


@pytest.mark.parametrize(("status", "hint"), [(401, "does not know the token"), (403, "may not do that")])
def test_a_token_that_is_revoked_during_the_upload_is_told_as_such(
    client: S3Client, bucket: S3Uri, hub: DatasetHub, status: int, hint: str
) -> None:
    put_dataset(client, bucket, _FILES)
    hub.refuse_uploads = status
    with pytest.raises(FarmError, match=rf"Cannot upload glossapi/sections-00000\.parquet to .*{hint}") as caught:
        run(client, bucket, hub)
    assert TOKEN not in str(caught.value)
    assert hub.sent == []


def test_a_token_is_the_whole_of_its_secret() -> None:
    assert token_of(f" {TOKEN}\n", "hub") == TOKEN


@pytest.mark.parametrize("secret", ["", " \n", "hf_one\nhf_two", '{\n "token": "hf_one"\n}', "hf_\u03b1", "hf_\0one"])
def test_a_secret_that_is_no_token_is_told_by_its_name_alone(secret: str) -> None:
    with pytest.raises(FarmError, match="secret farm/hub holds no token") as caught:
        token_of(secret, "farm/hub")
    assert "hf_" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "theses", "a/b/c", "https://huggingface.co/a/b", "a/../b"])
def test_what_names_no_repository_is_refused(name: str) -> None:
    with pytest.raises(FarmError, match="names no repository"):
        HubOptions(name)
