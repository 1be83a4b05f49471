# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records import names
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

MANIFESTS = S3Uri("m", "farm")
RESULTS = S3Uri("r", "run")
SHARDS = names.shards_folder(MANIFESTS)
OUTPUT = names.output_folder(RESULTS, 1)


@pytest.mark.parametrize(
    ("key", "is_canary"),
    [
        (names.canary_uri(names.trial_results(RESULTS, "node-1", "20261127T060000Z")).key, True),
        (names.canary_uri(names.trial_results(S3Uri("r", ""), "node-1", "20261127T060000Z")).key, True),
        ("run/canary.pdf", False),
        ("run/_smoke/node-1/time/shard-1/canary.pdf", False),
        ("run/my_smoke/node-1/time/canary.pdf", False),
        ("run/_smoke/node-1/time/canary.pdf.md", False),
    ],
)
def test_the_known_page_of_a_trial_is_told_from_documents(key: str, is_canary: bool) -> None:
    assert names.is_canary(S3Uri("r", key)) == is_canary


@pytest.mark.parametrize(
    ("key", "is_document"), [("a.pdf", True), ("theses/a.PDF", True), ("a.pdf.txt", False), ("pdf", False)]
)
def test_a_document_is_known_by_its_name(key: str, is_document: bool) -> None:
    assert names.is_document(S3Uri("r", key)) == is_document


def test_the_known_page_of_a_trial_is_no_document() -> None:
    canary = names.canary_uri(names.trial_results(S3Uri("r"), "node", "trial"))
    assert canary.key.endswith(".pdf")
    assert not names.is_document(canary)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (names.table_uri(MANIFESTS), "s3://m/farm/page_counts_master.csv"),
        (names.chunk_uri(MANIFESTS, "00ff"), "s3://m/farm/chunks/00ff.csv"),
        (names.manifest_uri(SHARDS, 3), "s3://m/farm/shards/shard_3.csv"),
        (names.list_uri(SHARDS, 3), "s3://m/farm/shards/shard_3.txt"),
        (SHARDS.join(names.SUMMARY_NAME), "s3://m/farm/shards/shard_summary.json"),
        (names.marker_uri(RESULTS, "a/b.pdf", DocumentState.DONE), "s3://r/run/status/a/b.pdf.done"),
        (names.marker_uri(RESULTS, "a/b.pdf", DocumentState.FAILED), "s3://r/run/status/a/b.pdf.failed"),
        (names.marker_uri(RESULTS, "a/b.pdf", DocumentState.FORWARDED), "s3://r/run/status/_stages/text/a/b.pdf.json"),
        (names.forwarded_folder(RESULTS), "s3://r/run/status/_stages/text/"),
        (names.shards_folder(S3Uri("m", "farm"), Stage.OCR), "s3://m/farm/ocr/shards"),
        (names.pages_uri(OUTPUT, "a/b.pdf"), "s3://r/run/shard-1/pages/a/b.pdf.json"),
        (names.document_log_uri(RESULTS, "a/b.pdf", 2), "s3://r/run/status/_logs/a/b.pdf.2.log"),
        (names.progress_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.json"),
        (names.progress_uri(RESULTS, 3, Stage.OCR), "s3://r/run/status/_progress/ocr/shard-3.json"),
        (names.supervisors_prefix(RESULTS, Stage.OCR), "s3://r/run/status/_progress/ocr/shard-"),
        (names.history_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.history.json"),
        (names.shard_quality_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.quality.json"),
        (names.lease_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.lease"),
        (names.loan_uri(RESULTS, 3, 12), "s3://r/run/status/_progress/shard-3.loan-12.json"),
        (names.loan_lease_uri(RESULTS, 3, 12), "s3://r/run/status/_progress/shard-3.loan-12.lease"),
        (names.in_work_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.in-work.json"),
        (names.piece_in_work_uri(RESULTS, 3), "s3://r/run/status/_progress/piece-3.in-work.json"),
        (names.piece_lease_uri(RESULTS, 3), "s3://r/run/status/_progress/piece-3.lease"),
        (names.queue_record_uri(RESULTS, Stage.OCR), "s3://r/run/status/_queue/ocr.json"),
        (names.fleet_settings_uri(RESULTS), "s3://r/run/status/_fleet/settings.json"),
        (names.supervisor_log_uri(RESULTS, 3), "s3://r/run/status/_progress/shard-3.log"),
        (names.markdown_uri(OUTPUT, "a/b.pdf"), "s3://r/run/shard-1/markdown/a/b.pdf.md"),
        (names.json_uri(OUTPUT, "a/b.pdf"), "s3://r/run/shard-1/json/a/b.pdf.json"),
        (names.report_folder(RESULTS), "s3://r/run/_report/"),
    ],
)
def test_the_names_are_the_contract(uri: S3Uri, name: str) -> None:
    assert str(uri) == name


def test_same_named_documents_have_results_of_their_own() -> None:
    assert names.markdown_uri(OUTPUT, "a/report.pdf") != names.markdown_uri(OUTPUT, "b/report.pdf")
    assert names.markdown_uri(OUTPUT, "a//b.pdf") != names.markdown_uri(OUTPUT, "a/b.pdf")


def test_a_key_must_leave_room_for_its_marker_in_bytes() -> None:
    room = 1024 - len("run/status/_stages/text/.json")
    assert names.can_be_marked(RESULTS, "k" * room)
    assert not names.can_be_marked(RESULTS, "k" * (room + 1))
    assert not names.can_be_marked(RESULTS, "é" * room)


def test_a_key_that_is_no_utf_8_is_none_of_s3s() -> None:
    assert names.can_be_marked(RESULTS, "Έκθεση.pdf")
    assert not names.can_be_marked(RESULTS, b"\xff.pdf".decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("state", DocumentState)
def test_a_marker_tells_its_document_and_how_that_ended(state: DocumentState) -> None:
    status = names.status_folder(RESULTS)
    assert names.parse_marker(status, names.marker_uri(RESULTS, "a/b.c.pdf", state)) == ("a/b.c.pdf", state)
    assert names.parse_marker(status, names.progress_uri(RESULTS, 1)) is None
    assert names.parse_marker(status, status.join("notes")) is None
    assert names.parse_marker(status, names.forwarded_folder(RESULTS).join("a.done")) is None


def test_what_stages_say_besides_is_no_marker_of_a_document_and_needs_no_more_room() -> None:
    status = names.status_folder(RESULTS)
    pairs = [
        (names.formulas_folder, names.formulas_uri),
        (names.math_folder, names.math_uri),
        (names.kept_folder, names.kept_uri),
    ]
    assert len({folder(RESULTS) for folder, _uri in pairs}) == 3
    for folder, uri in pairs:
        found = uri(RESULTS, "a/b.json.pdf")
        assert names.key_below(folder(RESULTS), found) == "a/b.json.pdf"
        assert names.parse_marker(status, found) is None
        longest = names.marker_uri(RESULTS, "a/b.json.pdf", DocumentState.FORWARDED)
        assert len(found.key) == len(longest.key)


def test_a_manifest_and_a_list_tell_their_shard_and_the_summary_tells_none() -> None:
    assert names.shard_of_manifest(SHARDS, names.manifest_uri(SHARDS, 12)) == 12
    assert names.shard_of_manifest(SHARDS, names.list_uri(SHARDS, 12)) == 12
    for name in (names.SUMMARY_NAME, "shard_012.csv", "shard_1.csv.bak", "more/shard_1.csv"):
        assert names.shard_of_manifest(SHARDS, SHARDS.join("", name)) is None


def test_a_progress_tells_its_shard_and_what_lies_beside_it_tells_none() -> None:
    assert names.shard_of_progress(RESULTS, names.progress_uri(RESULTS, 12)) == 12
    recognises = names.progress_uri(RESULTS, 12, Stage.OCR)
    assert names.shard_of_progress(RESULTS, recognises, Stage.OCR) == 12
    assert names.shard_of_progress(RESULTS, recognises) is None
    for uri in (names.history_uri(RESULTS, 1), names.lease_uri(RESULTS, 1), names.supervisor_log_uri(RESULTS, 1)):
        assert names.shard_of_progress(RESULTS, uri) is None
    assert names.shard_of_history(RESULTS, names.history_uri(RESULTS, 12)) == 12
    assert names.shard_of_history(RESULTS, names.progress_uri(RESULTS, 12)) is None
    assert names.shard_of_quality(RESULTS, names.shard_quality_uri(RESULTS, 12)) == 12
    assert names.shard_of_quality(RESULTS, names.progress_uri(RESULTS, 12)) is None
    assert names.shard_of_progress(RESULTS, names.shard_quality_uri(RESULTS, 12)) is None
    assert names.shard_of_in_work(RESULTS, names.in_work_uri(RESULTS, 12)) == 12
    assert names.shard_of_in_work(RESULTS, names.history_uri(RESULTS, 12)) is None
    assert names.shard_of_in_work(RESULTS, names.piece_in_work_uri(RESULTS, 12)) is None
    assert names.piece_of_in_work(RESULTS, names.piece_in_work_uri(RESULTS, 12)) == 12
    assert names.piece_of_in_work(RESULTS, names.in_work_uri(RESULTS, 12)) is None
    assert names.shard_of_progress(RESULTS, names.in_work_uri(RESULTS, 12)) is None


def test_markdown_tells_its_document_below_any_shard() -> None:
    folder = names.markdown_folder(RESULTS, S3Uri("r", "run/shard-1/"))
    assert folder == S3Uri("r", "run/shard-1/markdown/")
    assert names.key_of_markdown(folder, names.markdown_uri(OUTPUT, "a/b.md.pdf")) == "a/b.md.pdf"
    assert names.markdown_folder(RESULTS, S3Uri("r", "run/shard-old/")) is None


def test_playbooks_get_the_names_they_give_to_modules() -> None:
    assert names.playbook_names("s3://m/farm", "s3://r/run") == {
        "table": "s3://m/farm/page_counts_master.csv",
        "shards": "s3://m/farm/shards",
        "ocr_shards": "s3://m/farm/ocr/shards",
        "math_shards": "s3://m/farm/math/shards",
        "summary": "s3://m/farm/shards/shard_summary.json",
        "status": "s3://r/run/status",
        "report": "s3://r/run/_report",
        "report_page": "s3://r/run/_report/index.html",
    }
    with pytest.raises(FarmError, match="not an S3 address"):
        names.playbook_names("m/farm", "s3://r/run")


def test_a_node_s_record_tells_its_instance() -> None:
    uri = names.node_record_uri(RESULTS, "i-1")
    assert uri == S3Uri("r", "run/status/_nodes/i-1.json")
    assert names.instance_of_node_record(RESULTS, uri) == "i-1"
    assert names.instance_of_node_record(RESULTS, S3Uri("r", "run/status/_nodes/i-1.json/x")) is None
    assert names.parse_marker(names.status_folder(RESULTS), uri) is None


def test_what_a_node_of_a_fleet_says_tells_its_instance() -> None:
    uri = names.fleet_node_uri(RESULTS, "i-1")
    assert uri == S3Uri("r", "run/status/_fleet/nodes/i-1.json")
    assert names.instance_of_fleet_node(RESULTS, uri) == "i-1"
    assert names.instance_of_fleet_node(RESULTS, names.fleet_settings_uri(RESULTS)) is None
    assert names.parse_marker(names.status_folder(RESULTS), uri) is None


def test_the_helper_of_a_loan_is_found_and_nothing_else_is_taken_for_a_loan() -> None:
    for stage in Stage:
        uri = names.loan_uri(RESULTS, 3, 12, stage)
        assert uri.key.startswith(names.loans_prefix(RESULTS, 3, stage).key)
        assert names.helper_of_loan(RESULTS, 3, uri, stage) == 12
        assert names.shard_of_progress(RESULTS, uri, stage) is None
        assert names.helper_of_loan(RESULTS, 3, names.loan_lease_uri(RESULTS, 3, 12, stage), stage) is None
    assert names.helper_of_loan(RESULTS, 3, names.loan_uri(RESULTS, 33, 12)) is None


def test_what_belongs_to_a_file_of_a_dataset_tells_its_number_and_the_rest_tells_none() -> None:
    folder = names.dataset_folder(RESULTS, "theses")
    assert str(folder) == "s3://r/run/corpus/theses/"
    for number in (0, 7, 123456):
        file = folder.join(names.dataset_file_name(number))
        assert names.number_of_dataset_object(folder, file) == number
        assert names.number_of_dataset_object(folder, names.dataset_part_uri(folder, number)) == number
        assert names.number_of_dataset_object(folder, names.glossapi_part_uri(folder, number)) == number
        for product in (("sections", "parquet"), ("jsonl", "jsonl.zst")):
            file = folder.join(names.glossapi_file_name(product[0], number, product[1]))
            assert names.number_of_dataset_object(folder, file) == number
    assert names.dataset_file_name(7) == "train-00007.jsonl.zst"
    assert names.glossapi_file_name("sections", 7, "parquet") == "glossapi/sections-00007.parquet"
    for other in (
        "README.md",
        "train-7.jsonl.zst",
        "train-00007.jsonl",
        "more/train-00007.jsonl.zst",
        "train-00007.json",
        "glossapi/sections-00007.csv",
    ):
        assert names.number_of_dataset_object(folder, folder.join(other)) is None


def test_a_backend_of_a_comparison_is_known_by_what_is_told_of_it_and_nothing_there_is_a_document() -> None:
    folder = names.comparison_folder(RESULTS, "theses")
    assert str(folder) == "s3://r/run/compare/theses/"
    run, readings = names.comparison_run_uri(folder, "a.b"), names.comparison_readings_uri(folder, "a.b")
    assert str(run) == "s3://r/run/compare/theses/backends/a.b.json"
    assert names.name_of_comparison_run(folder, run) == "a.b"
    for other in (readings, names.comparison_sample_uri(folder), names.comparison_picture_uri(folder, 1)):
        assert names.name_of_comparison_run(folder, other) is None
    assert names.comparison_picture_uri(folder, 12).key.endswith("/pages/0012.jpg")
    assert not names.is_document(names.comparison_pdf_uri(folder))


@pytest.mark.parametrize("label", ["", "a/b", "../a", ".a", "a b", "λ", "a\n"])
def test_what_cannot_name_a_folder_is_refused_as_a_label(label: str) -> None:
    names.require_label("theses-2026.1_b", "The label")
    with pytest.raises(FarmError, match=r"The label .* cannot name a folder"):
        names.require_label(label, "The label")


def test_a_document_s_markdown_is_known_in_whichever_shard_s_folder() -> None:
    place = names.markdown_uri(names.output_folder(RESULTS, 3), "raw/a.pdf")
    assert names.is_markdown(place, "raw/a.pdf")
    assert not names.is_markdown(place, "w/a.pdf")
    assert not names.is_markdown(names.json_uri(OUTPUT, "raw/a.pdf"), "raw/a.pdf")
