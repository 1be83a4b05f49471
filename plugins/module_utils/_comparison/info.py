# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a comparison, read from S3."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .._errors import NotYetError
from .._records.codec import RecordError
from .._records.comparison import BackendRun, Reading, Sample, readings_from_jsonl
from .._records.names import (
    comparison_picture_uri,
    comparison_readings_uri,
    comparison_run_uri,
    comparison_runs_folder,
    comparison_sample_uri,
    name_of_comparison_run,
)
from .._s3.errors import MissingError
from .._s3.objects import list_objects, read_bytes, read_bytes_if_exists
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .figures import agreements_of, figures_of, mean_agreements, outcomes_of
from .table import cells, lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READERS = 8


def read_comparison(client: S3Client, folder: S3Uri) -> dict[str, Any]:
    """Return plain values of a comparison: its pages with pictures and texts, and how each backend did.

    What was compared on other pages than the sample has now is left out, as is what is missing or cannot be read; both
    are told. A picture that is missing is empty.

    Args:
        client: of the S3 that has it.
        folder: of the comparison.

    Raises:
        NotYetError: nothing was compared.
        S3Error: S3 could not be read.
        FarmError: the sample cannot be understood.
    """
    where = comparison_sample_uri(folder)
    body = read_bytes_if_exists(client, where)
    if body is None:
        raise NotYetError(f"There is no comparison at {folder}: playbooks/compare.yml makes one.")
    sample = Sample.from_json(body, str(where))
    runs: dict[str, BackendRun] = {}
    readings: dict[str, tuple[Reading, ...]] = {}
    problems: list[str] = []
    for name in _names(client, folder):
        try:
            run = _read_run(client, folder, name)
            if run.sample != sample.sha256:
                problems.append(f"{name} was compared on other pages: compare it again.")
                continue
            runs[name], readings[name] = run, _read_readings(client, folder, name)
        except (RecordError, MissingError) as error:
            problems.append(f"{error} Compare {name} again (-e compare_again={name}).")
    pictures = _pictures(client, folder, len(sample.pages))
    problems += [
        f"The picture of page {number} is missing ({comparison_picture_uri(folder, number)}): another "
        "farm_compare_label has all of its own."
        for number, picture in enumerate(pictures, start=1)
        if not picture
    ]
    return {
        "folder": str(folder),
        "problems": problems,
        "left_out": list(sample.left_out),
        "wanted": sample.wanted,
        **_values(sample, runs, readings, pictures),
    }


def _names(client: S3Client, folder: S3Uri) -> list[str]:
    listed = (name_of_comparison_run(folder, item.uri) for item in list_objects(client, comparison_runs_folder(folder)))
    return [name for name in listed if name is not None]


def _read_run(client: S3Client, folder: S3Uri, name: str) -> BackendRun:
    uri = comparison_run_uri(folder, name)
    return BackendRun.from_json(read_bytes(client, uri), str(uri))


def _read_readings(client: S3Client, folder: S3Uri, name: str) -> tuple[Reading, ...]:
    uri = comparison_readings_uri(folder, name)
    return readings_from_jsonl(read_bytes(client, uri), str(uri))


def _pictures(client: S3Client, folder: S3Uri, pages: int) -> list[str]:
    """Return the JPEG of each page in base64, empty where it is missing."""
    uris = (comparison_picture_uri(folder, number) for number in range(1, pages + 1))
    read = read_each(lambda uri: read_bytes_if_exists(client, uri), uris, _READERS)
    return [b64encode(body or b"").decode() for _uri, body in read]


def _values(
    sample: Sample, runs: Mapping[str, BackendRun], readings: Mapping[str, tuple[Reading, ...]], pictures: list[str]
) -> dict[str, Any]:
    outcomes = outcomes_of(readings)
    texts = {
        name: {reading.number: reading.text for reading in each if not reading.failure}
        for name, each in readings.items()
        if each
    }
    agreements = agreements_of(texts)
    means = mean_agreements(agreements)
    figures = {name: None if run.problem else figures_of(run, outcomes[name]) for name, run in runs.items()}
    words = {name: {} if each is None else cells(runs[name], each) for name, each in figures.items()}
    by_number = {name: {reading.number: reading for reading in each} for name, each in readings.items()}
    return {
        "report": lines(len(sample.pages), {name: (run, words[name]) for name, run in runs.items()}, means),
        "backends": [
            {
                "name": name,
                **asdict(run),
                "figures": None if (each := figures[name]) is None else asdict(each),
                "words": words[name],
            }
            for name, run in runs.items()
        ],
        "agreements": _pairs(means),
        "pages": [
            {
                "number": number,
                **asdict(page),
                "picture": picture,
                "agreements": _pairs(agreements.get(number, {})),
                "readings": [
                    {"name": name, "outcome": outcomes[name][number].value, **asdict(each[number])}
                    for name, each in by_number.items()
                    if number in each
                ],
            }
            for number, (page, picture) in enumerate(zip(sample.pages, pictures, strict=True), start=1)
        ],
    }


def _pairs(shares: Mapping[tuple[str, str], float]) -> list[dict[str, Any]]:
    return [{"backends": list(pair), "share": share} for pair, share in shares.items()]
