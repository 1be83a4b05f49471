# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from pyarrow import parquet

from ansible_collections.glossapi.farm.plugins.module_utils._corpus import dataset as module
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.card import CardOptions
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.dataset import (
    Dataset,
    DatasetOptions,
    collect,
    write_dataset,
)
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import GlossapiOptions
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.source import Done, Text, done_documents, read_text
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    dataset_file_name,
    dataset_folder,
    dataset_part_uri,
    glossapi_file_name,
    glossapi_part_uri,
    markdown_uri,
    output_folder,
    shards_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import (
    delete,
    list_objects,
    put_bytes,
    read_bytes,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Collection
from tests.support.done_documents import fail, put_collection, put_done
from tests.support.glossapi_corpus import use_stand_in

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

_TEXTS = {f"{name}.pdf": f"# The text of {name}\n" for name in "abcdefg"}


@pytest.fixture
def options(client: S3Client, bucket: S3Uri) -> DatasetOptions:
    """Seven documents that are done, the third with the text of the first, one that failed and one that is pending."""
    put_collection(client, bucket, (*_TEXTS, "failed.pdf", "pending.pdf"))
    put_done(client, bucket, {**_TEXTS, "c.pdf": _TEXTS["a.pdf"]})
    fail(client, bucket, "failed.pdf")
    # A line has about 800 bytes: three documents fill a file.
    return DatasetOptions(
        shards_folder(bucket.join("m")), SUMMARY_NAME, bucket.join("r"), CardOptions("theses", "cc-by-4.0"), 2000
    )


def contents(client: S3Client, options: DatasetOptions) -> dict[str, bytes]:
    found = list_objects(client, options.folder)
    return {item.uri.key.removeprefix(options.folder.key): read_bytes(client, item.uri) for item in found}


def lines(body: bytes) -> list[dict[str, Any]]:
    whole = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read()
    return [json.loads(line) for line in whole.splitlines()]


def records(found: dict[str, bytes]) -> list[dict[str, Any]]:
    return [line for name in sorted(found) if name.endswith(".zst") for line in lines(found[name])]


def forbid_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a text is read")

    monkeypatch.setattr(module, "read_text", refuse)


def note_texts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return a set that gets the name of each document whose text is read from now on."""
    read: set[str] = set()

    def note(client: S3Client, results: S3Uri, document: Done) -> Text | str:
        read.add(document.uri.rpartition("/")[2])
        return read_text(client, results, document)

    monkeypatch.setattr(module, "read_text", note)
    return read


def test_all_documents_that_are_done_are_in_it_once_in_files_of_bounded_size(
    client: S3Client, options: DatasetOptions
) -> None:
    made = collect(client, options)
    found = contents(client, options)
    names = [name for name in found if name.endswith(".zst")]
    assert names == ["train-00000.jsonl.zst", "train-00001.jsonl.zst", "train-00002.jsonl.zst"]
    assert [len(lines(found[name])) for name in names] == [3, 3, 1]
    rows = records(found)
    assert [row["filename"] for row in rows] == list("abcdefg")
    assert rows[1]["text"] == _TEXTS["b.pdf"]
    assert made.changed
    assert (made.totals.documents, made.files, made.written, made.left_out) == (7, 3, 3, 0)
    assert made.account == {"input": 9, "done": 7, "failed": 1, "pending": 1}
    assert made.bytes == sum(len(found[name]) for name in names)


def test_a_text_that_is_there_twice_stays_and_is_marked(client: S3Client, options: DatasetOptions) -> None:
    assert collect(client, options).totals.duplicates == 1
    rows = records(contents(client, options))
    assert [row["pipeline_metadata"]["duplicate_of"] for row in rows] == ["", "", rows[0]["doc_id"], "", "", "", ""]


def test_the_table_the_manifest_and_the_card_fit_the_files(client: S3Client, options: DatasetOptions) -> None:
    collect(client, options)
    found = contents(client, options)
    table = parquet.read_table(io.BytesIO(found["metadata.parquet"])).to_pylist()
    assert [{name: value for name, value in row.items() if name != "file"} for row in table] == [
        row["pipeline_metadata"] for row in records(found)
    ]
    assert {row["file"] for row in table} == {name for name in found if name.endswith(".zst")}
    listed = json.loads(found["manifest.json"])["files"]
    assert {each["name"]: each["sha256"] for each in listed} == {
        name: sha256(body).hexdigest() for name, body in found.items() if name.endswith((".zst", ".parquet"))
    }
    assert "| done | 7 |" in found["README.md"].decode()
    assert 'license: "cc-by-4.0"' in found["README.md"].decode()


def test_a_second_run_reads_no_text_and_changes_nothing(
    client: S3Client, options: DatasetOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(client, options)
    before = contents(client, options)
    forbid_texts(monkeypatch)
    for check_mode in (False, True):
        made = collect(client, options, check_mode=check_mode)
        assert not made.changed
        assert (made.totals.documents, made.totals.duplicates, made.files, made.written) == (7, 1, 3, 0)
    assert contents(client, options) == before


def test_check_mode_writes_nothing_and_tells_that_it_would(
    client: S3Client, options: DatasetOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_texts(monkeypatch)
    assert collect(client, options, check_mode=True).changed
    assert contents(client, options) == {}


def test_what_was_done_anew_is_read_anew_with_its_file_and_the_rest_is_kept(
    client: S3Client, bucket: S3Uri, options: DatasetOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(client, options)
    before = contents(client, options)
    put_done(client, bucket, {"e.pdf": "# Another\n"})

    # S3 tells times in seconds, and less has gone by.
    def done_later(collection: Collection) -> Iterator[Done]:
        for each in done_documents(collection):
            yield replace(each, version=b"later") if each.uri.endswith("e.pdf") else each

    monkeypatch.setattr(module, "done_documents", done_later)
    read = note_texts(monkeypatch)
    assert collect(client, options).written == 1
    after = contents(client, options)
    changed = {name for name, body in after.items() if body != before[name]}
    assert changed == {
        "train-00001.jsonl.zst",
        "_parts/train-00001.json",
        "metadata.parquet",
        "manifest.json",
        "README.md",
    }
    assert [row["text"] for row in records(after)][4] == "# Another\n"
    # The last one was read ahead.
    assert read == {"d.pdf", "e.pdf", "f.pdf", "g.pdf"}


def test_the_dataset_is_the_same_whatever_was_there_before(
    client: S3Client, bucket: S3Uri, options: DatasetOptions
) -> None:
    put_collection(client, bucket, ("b.pdf", "d.pdf", "e.pdf"))
    collect(client, options)
    put_collection(client, bucket, (*_TEXTS, "failed.pdf", "pending.pdf"))
    collect(client, options)
    grown = contents(client, options)
    for uri in [item.uri for item in list_objects(client, options.folder)]:
        delete(client, uri)
    collect(client, options)
    assert contents(client, options) == grown


def test_files_of_a_run_that_had_more_are_deleted_and_nothing_else(
    client: S3Client, bucket: S3Uri, options: DatasetOptions
) -> None:
    collect(client, options)
    put_bytes(client, options.folder.join("notes.txt"), b"mine", "text/plain")
    put_collection(client, bucket, ("a.pdf", "b.pdf", "c.pdf"))
    before = contents(client, options)
    assert collect(client, options, check_mode=True).changed
    assert contents(client, options) == before
    assert collect(client, options).files == 1
    after = contents(client, options)
    assert sorted(after) == [
        "README.md",
        "_parts/train-00000.json",
        "manifest.json",
        "metadata.parquet",
        "notes.txt",
        "train-00000.jsonl.zst",
    ]


@pytest.mark.parametrize("results", ["", "farm", "farm/theses/"])
def test_the_policy_for_the_controller_allows_to_delete_these_and_no_result(results: str, repository: Path) -> None:
    policy = json.loads((repository / "docs" / "controller-policy.json").read_text())
    (allowed,) = [each["Resource"] for each in policy["Statement"] if "s3:DeleteObject" in each["Action"]]
    place = S3Uri("openarchives-results", results)
    folder = dataset_folder(place, "glossapi-farm")
    stale = (
        folder.join(dataset_file_name(7)),
        dataset_part_uri(folder, 7),
        folder.join(glossapi_file_name("sections", 7, "parquet")),
        glossapi_part_uri(folder, 7),
    )

    def may_delete(uri: S3Uri) -> bool:
        return any(fnmatchcase(f"arn:aws:s3:::{uri.bucket}/{uri.key}", each) for each in allowed)

    assert all(map(may_delete, stale))
    assert not may_delete(markdown_uri(output_folder(place, 1), "theses/a.pdf"))


def test_a_run_that_was_interrupted_is_gone_on_with(
    client: S3Client, options: DatasetOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(client, options)
    whole = contents(client, options)
    for name in ("_parts/train-00002.json", "train-00001.jsonl.zst", "metadata.parquet", "manifest.json"):
        delete(client, options.folder.join(name))
    read = note_texts(monkeypatch)
    assert collect(client, options).written == 2
    assert contents(client, options) == whole
    assert read == {"d.pdf", "e.pdf", "f.pdf", "g.pdf"}


def test_a_file_that_is_another_than_was_written_is_made_anew(client: S3Client, options: DatasetOptions) -> None:
    collect(client, options)
    whole = contents(client, options)
    put_bytes(client, options.folder.join("train-00001.jsonl.zst"), b"?", "application/zstd")
    put_bytes(client, options.folder.join("_parts/train-00000.json"), b"?", "application/json")
    assert collect(client, options).written == 2
    assert contents(client, options) == whole


def test_a_text_that_is_missing_is_left_out_named_and_looked_for_again(
    client: S3Client, bucket: S3Uri, options: DatasetOptions
) -> None:
    place = markdown_uri(output_folder(bucket.join("r"), 1), bucket.join("raw", "b.pdf").key)
    delete(client, place)
    for changed in (True, False):
        made = collect(client, options)
        assert made.changed is changed
        assert (made.totals.documents, made.left_out) == (6, 1)
        assert made.problems == [f"{bucket.join('raw', 'b.pdf')}: {place} is missing."]
    assert "could not be read of 1." in contents(client, options)["README.md"].decode()
    put_bytes(client, place, _TEXTS["b.pdf"].encode(), "text/markdown")
    made = collect(client, options)
    assert (made.totals.documents, made.left_out) == (7, 0)


def test_a_file_of_a_later_version_is_neither_read_nor_written_over(client: S3Client, options: DatasetOptions) -> None:
    collect(client, options)
    put_bytes(client, options.folder.join("_parts/train-00001.json"), b'{"schema": 2}', "application/json")
    before = contents(client, options)
    with pytest.raises(LaterSchemaError, match="update the collection"):
        collect(client, options)
    assert contents(client, options) == before


def test_no_text_at_all_is_no_dataset(client: S3Client, bucket: S3Uri, options: DatasetOptions) -> None:
    put_collection(client, bucket, ("pending.pdf",))
    with pytest.raises(FarmError, match=r"No document of .* is done"):
        collect(client, options)
    assert contents(client, options) == {}


@pytest.mark.parametrize("label", ["", "a/b", "..", "Ω", "-a"])
def test_a_label_that_cannot_name_a_folder_is_refused(bucket: S3Uri, label: str) -> None:
    with pytest.raises(FarmError, match="cannot name a folder"):
        DatasetOptions(bucket, SUMMARY_NAME, bucket, CardOptions(label))


@pytest.mark.parametrize("size", [0, 4_000_000_001])
def test_a_file_that_could_hold_nothing_or_is_too_large_for_one_request_is_refused(bucket: S3Uri, size: int) -> None:
    with pytest.raises(FarmError, match=f"file_bytes is {size}: "):
        DatasetOptions(bucket, SUMMARY_NAME, bucket, CardOptions("a"), size)


def test_of_two_runs_at_once_that_see_other_texts_the_later_is_refused_and_harms_nothing(
    client: S3Client, bucket: S3Uri, options: DatasetOptions
) -> None:
    others: list[dict[str, bytes]] = []

    def documents() -> Iterator[Done]:
        for number, name in enumerate(_TEXTS):
            if number == 1:
                # The other run begins after this one, and ends before it.
                collect(client, options)
                others.append(contents(client, options))
            yield Done(str(bucket.join("raw", name)), b"earlier")

    def read_earlier(document: Done) -> Text | str:
        found = read_text(client, options.results, document)
        return found if isinstance(found, str) else replace(found, markdown="# Earlier\n")

    with pytest.raises(FarmError, match="by another run"):
        write_dataset(client, options, Dataset(account={"done": 7}), documents(), read_earlier)
    assert [contents(client, options)] == others
    assert not collect(client, options).changed


def test_two_runs_at_once_that_see_the_same_texts_both_get_through(client: S3Client, options: DatasetOptions) -> None:
    first = iter([True])

    def documents(collection: Collection) -> Iterator[Done]:
        is_first = next(first, False)
        for number, document in enumerate(done_documents(collection)):
            if is_first and number == 1:
                assert collect(client, options).written == 3
            yield document

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "done_documents", documents)
        collect(client, options)
    assert not collect(client, options).changed


def test_what_glossapi_makes_of_the_files_is_in_the_manifest_and_the_card_and_goes_with_its_file(
    client: S3Client, bucket: S3Uri, options: DatasetOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_stand_in(monkeypatch, tmp_path)
    with_glossapi = replace(options, glossapi=GlossapiOptions(("section",), sys.executable))
    collect(client, options)
    assert collect(client, with_glossapi, check_mode=True).changed
    made = collect(client, with_glossapi)
    assert (made.changed, made.written, made.glossapi.written) == (True, 0, 3)
    found = contents(client, options)
    manifest = json.loads(found["manifest.json"])
    assert manifest["glossapi"] == {"revision": made.glossapi.revision, "stages": ["section"]}
    assert {each["name"]: each["sha256"] for each in manifest["files"] if "/" in each["name"]} == {
        name: sha256(body).hexdigest() for name, body in found.items() if name.startswith("glossapi/")
    }
    assert "glossapi/sections-*.parquet" in found["README.md"].decode()
    assert not collect(client, with_glossapi).changed
    put_collection(client, bucket, ("a.pdf", "b.pdf", "c.pdf"))
    collect(client, options)
    assert [name for name in contents(client, options) if "glossapi" in name] == [
        "_parts/glossapi-00000.json",
        "glossapi/sections-00000.parquet",
    ]
