# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of a dataset: README.md as people and dataset hubs read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from .._formatting import counted, percentage, printable
from .._records.dataset import DatasetRow
from .glossapi.processing import Processed
from .totals import DatasetTotals

_KINDS = {"str": "string", "int": "int64", "float": "float64"}
_SCORES = "0 to 1, below 0.5 for what is no text"


@dataclass(frozen=True)
class CardOptions:
    """What the card cannot know from the documents.

    Attributes:
        label: name of the dataset.
        licence: of the documents' texts, as dataset hubs write it (``cc-by-4.0``); empty where it is not told.
        languages: of the texts, by their codes of ISO 639-1.
    """

    label: str
    licence: str = ""
    languages: tuple[str, ...] = ()


def card(
    options: CardOptions,
    totals: DatasetTotals,
    account: Mapping[str, int],
    left_out: int,
    glossapi: Processed,
) -> str:
    """Return the card.

    Args:
        options: see there.
        totals: of the documents of the dataset.
        account: documents of the collection: ``input``, ``done``, ``failed`` and ``pending``.
        left_out: documents that are done, and whose text could not be read.
        glossapi: what it has made of the dataset.
    """
    lines = ["---"]
    # In quotes, which JSON and YAML share: to YAML the language "no" is false, and a colon begins a value.
    if options.licence:
        lines.append(f"license: {json.dumps(options.licence)}")
    if options.languages:
        lines += ["language:", *(f"  - {json.dumps(each)}" for each in options.languages)]
    lines += ["configs:", "  - config_name: default", "    data_files: train-*.jsonl.zst"]
    products = _products(glossapi)
    for name, pattern in products.items():
        lines += [f"  - config_name: {name}", f"    data_files: {pattern}"]
    lines += [*_features(), "---", ""]
    lines += [f"# {options.label}", "", *_contents(totals), "", "## Account", "", *_account(account, left_out), ""]
    lines += ["## What the texts were made by", "", *_made_by(totals), ""]
    if glossapi.stages:
        lines += ["## What glossAPI made of them", "", *_processed(glossapi, products), ""]
    lines += ["## What they are worth", "", *_worth(totals), ""]
    lines += ["## Licence", "", *_licence(options), "", "## Use", "", *_use()]
    return "\n".join(lines) + "\n"


def _features() -> list[str]:
    """Return what columns there are; without it loaders take names for times where the first ones look like dates."""
    columns = {"text": "string", "doc_id": "string", "chunk_id": "int64", "filename": "string"}
    lines = ["dataset_info:", "  features:"]
    for name, kind in columns.items():
        lines += [f"    - name: {name}", f"      dtype: {kind}"]
    lines += ["    - name: pipeline_metadata", "      struct:"]
    for each in fields(DatasetRow):
        lines += [f"        - name: {each.name}", f"          dtype: {_KINDS[str(each.type)]}"]
    return lines


def _contents(totals: DatasetTotals) -> list[str]:
    documents = counted(totals.documents, "document", "documents")
    contents = f"{counted(totals.pages, 'page', 'pages')}, {counted(totals.characters, 'character', 'characters')}"
    same = counted(totals.duplicates, "document has", "documents have")
    return [
        f"{documents} with {contents} of Markdown.",
        f"{same} the text of an earlier one: `pipeline_metadata.duplicate_of` names that, and is empty for all others.",
    ]


def _account(account: Mapping[str, int], left_out: int) -> list[str]:
    lines = [
        "Of the collection's documents that could be worked on:",
        "",
        *_table(("documents", ""), [(name, f"{account[name]:,}") for name in ("input", "done", "failed", "pending")]),
    ]
    if left_out:
        lines += ["", f"Of those that are done, the text could not be read of {left_out:,}."]
    return lines


def _made_by(totals: DatasetTotals) -> list[str]:
    rows = [
        (stage, pipeline, revision or "-", weights[:12] or "-", f"{documents:,}")
        for (stage, pipeline, revision, weights), documents in sorted(totals.made_by.items())
    ]
    return _table(("stage", "by", "revision", "weights", "documents"), rows)


def _products(glossapi: Processed) -> dict[str, str]:
    """Return the pattern of the files of each kind of product."""
    found = {}
    for each in glossapi.listed:
        folder, _, name = each["name"].partition("/")
        product, _, rest = name.partition("-")
        found[product] = f"{folder}/{product}-*.{rest.partition('.')[2]}"
    return found


_PRODUCTS = {
    "cleaned": "the texts as its Rust part leaves them",
    "measures": "its measures of each text",
    "sections": "the sections of each text",
    "annotated": "the sections with the label of its classifier",
    "jsonl": "its own export, by `jsonl_sharded`",
}


def _processed(glossapi: Processed, products: Mapping[str, str]) -> list[str]:
    lines = [
        f"By `Corpus` of glossAPI {printable(glossapi.revision)}, stages {', '.join(glossapi.stages)}, of",
        f"{counted(glossapi.documents, 'document', 'documents')}. `filename` is the `doc_id` here.",
        "",
        *_table(("files", ""), [(f"`{pattern}`", _PRODUCTS[name]) for name, pattern in products.items()]),
    ]
    if glossapi.problems:
        lines += ["", f"It had {counted(len(glossapi.problems), 'problem', 'problems')}; some of it is missing."]
    return lines


def _worth(totals: DatasetTotals) -> list[str]:
    measured = totals.verdicts.total()
    shares = [(f"pages that are {name}", number, measured) for name, number in totals.verdicts.items()]
    sources = {"layer": "from text layers", "ocr": "recognised", "program": "by a command"}
    shares += [(sources[name], number, totals.sources.total()) for name, number in totals.sources.items()]
    rows = [(name, f"{number:,}", f"{percentage(number / whole)} %") for name, number, whole in shares if number]
    return [
        "Each page was measured without a model: letters by script, words that are known or mix scripts, signs of",
        "wrong encodings, repetition. `pipeline_metadata` has each document's verdict, its pages by verdict and by",
        f"source, and its score ({_SCORES}), to filter by; `metadata.parquet` has the same without the texts.",
        "",
        *(_table(("pages", "", ""), rows) if rows else ["None of these texts was measured."]),
    ]


def _licence(options: CardOptions) -> list[str]:
    told = f"The texts: {options.licence}." if options.licence else "Nobody has told the licence of the texts."
    return [f"{told} It says nothing of the documents that they were made from, each of which has its own."]


def _use() -> list[str]:
    return [
        "```python",
        "from datasets import load_dataset",
        "",
        'texts = load_dataset("json", data_files="train-*.jsonl.zst", split="train", streaming=True)',
        'texts = texts.filter(lambda row: not row["pipeline_metadata"]["duplicate_of"])',
        "```",
        "",
        "`manifest.json` has the SHA-256 of each file. Fields are named as those of glossAPI's `jsonl_sharded`.",
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(printable(cell).replace('|', chr(92) + '|') for cell in cells)} |"

    return [line(heads), f"|{'---|' * len(heads)}", *map(line, rows)]
