# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.card import CardOptions, card
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.processing import Processed
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.record import line_of
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.totals import DatasetTotals
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetRow

_ACCOUNT = {"input": 1250, "done": 1240, "failed": 2, "pending": 8}


def _totals() -> DatasetTotals:
    totals = DatasetTotals()
    totals.add(
        [
            DatasetRow(
                "1", pages=4, characters=9, pages_layer=3, pages_ocr=1, pages_good=4, stage="ocr", pipeline="odd|name"
            ),
            DatasetRow("2", duplicate_of="1", stage="text", pipeline="pdftext", revision="0.1.3", weights="f" * 64),
        ]
    )
    return totals


def test_it_begins_with_what_hubs_read() -> None:
    head = card(CardOptions("theses", "cc-by-4.0", ("el", "en")), _totals(), _ACCOUNT, 0, Processed()).split("---\n")[1]
    told = yaml.safe_load(head)
    features = told.pop("dataset_info")["features"]
    assert told == {
        "license": "cc-by-4.0",
        "language": ["el", "en"],
        "configs": [{"config_name": "default", "data_files": "train-*.jsonl.zst"}],
    }
    told = yaml.safe_load(card(CardOptions("theses"), _totals(), _ACCOUNT, 0, Processed()).split("---\n")[1])
    assert told.keys() == {"configs", "dataset_info"}
    fields = json.loads(line_of(DatasetRow(), "text"))
    assert [each["name"] for each in features] == list(fields)
    metadata = {each["name"]: each["dtype"] for each in features[-1]["struct"]}
    assert list(metadata) == list(fields["pipeline_metadata"])
    assert (metadata["filename"], metadata["pages"], metadata["score"]) == ("string", "int64", "float64")


def test_what_the_operator_tells_is_text_to_hubs_whatever_it_means_in_yaml() -> None:
    head = card(CardOptions("theses", "other: [mine]", ("no", "el")), _totals(), _ACCOUNT, 0, Processed()).split(
        "---\n"
    )[1]
    told = yaml.safe_load(head)
    assert (told["license"], told["language"]) == ("other: [mine]", ["no", "el"])


def test_it_has_the_account_the_backends_and_the_quality() -> None:
    text = card(CardOptions("theses"), _totals(), _ACCOUNT, 3, Processed())
    assert text.startswith("---\n")
    assert "# theses" in text
    assert "| input | 1,250 |" in text
    assert "Of those that are done, the text could not be read of 3." in text
    assert "1 document has the text of an earlier one" in text
    assert "| text | pdftext | 0.1.3 | ffffffffffff | 1 |" in text
    assert "| ocr | odd\\|name | - | - | 1 |" in text
    assert "| pages that are good | 4 | 100.0 % |" in text
    assert "| recognised | 1 | 25.0 % |" in text
    assert "Nobody has told the licence of the texts." in text


def test_texts_that_were_not_measured_are_no_division_by_zero() -> None:
    totals = DatasetTotals()
    totals.add([DatasetRow("1")])
    assert "None of these texts was measured." in card(CardOptions("theses"), totals, _ACCOUNT, 0, Processed())


def test_what_glossapi_has_made_is_there_to_load_with_which_glossapi_it_was() -> None:
    names = ("glossapi/sections-00000.parquet", "glossapi/jsonl-00000.jsonl.zst", "glossapi/sections-00001.parquet")
    processed = Processed("0.1.3+1234567", ("section", "jsonl"), 1240, listed=[{"name": name} for name in names])
    text = card(CardOptions("theses"), _totals(), _ACCOUNT, 0, processed)
    assert yaml.safe_load(text.split("---\n")[1])["configs"] == [
        {"config_name": "default", "data_files": "train-*.jsonl.zst"},
        {"config_name": "sections", "data_files": "glossapi/sections-*.parquet"},
        {"config_name": "jsonl", "data_files": "glossapi/jsonl-*.jsonl.zst"},
    ]
    assert "By `Corpus` of glossAPI 0.1.3+1234567, stages section, jsonl, of\n1,240 documents." in text
    assert "| `glossapi/sections-*.parquet` | the sections of each text |" in text
    assert "some of it is missing" not in text
    processed.problems.append("train-00000.jsonl.zst: stage section has left out 1.")
    assert "It had 1 problem; some of it is missing." in card(CardOptions("theses"), _totals(), _ACCOUNT, 0, processed)
