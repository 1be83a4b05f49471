# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents that are done, but whose formulas stage ``math`` could not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .._records.codec import RecordError
from .._records.markers import Marker, read_marker
from .._records.names import math_uri
from .._s3.parallel import read_each
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class FormulaFailures:
    """What the markers of stage ``math`` say of these documents.

    Attributes:
        by_class: how many.
        named: the first markers of each class.
        problems: a sentence for each of the first markers that cannot be read.
    """

    by_class: Mapping[str, int] = field(default_factory=dict)
    named: tuple[Marker, ...] = ()
    problems: tuple[str, ...] = ()


def read_formula_failures(client: S3Client, results: S3Uri, keys: Iterable[str], most_named: int) -> FormulaFailures:
    """Return on which of these documents stage ``math`` has failed. Takes one read for each, several at a time.

    Args:
        client: of the S3 that has the markers.
        results: their prefix.
        keys: of documents that are done and that the stage has ended.
        most_named: of each class, and of the markers that cannot be read.

    Raises:
        S3Error: S3 could not be read.
    """

    def read(key: str) -> Marker | RecordError:
        return read_marker(client, math_uri(results, key))

    by_class = Counter[str]()
    named: list[Marker] = []
    problems: list[str] = []
    for key, found in read_each(read, keys):
        if isinstance(found, RecordError):
            if len(problems) < most_named:
                problems.append(f"{found} The document stays done; whether its formulas were read is not known.")
        elif found.failure_class is not None:
            by_class[found.failure_class] += 1
            if by_class[found.failure_class] <= most_named:
                # Its name is the truth of whose it is.
                named.append(replace(found, uri=found.uri or key))
    return FormulaFailures(by_class, tuple(named), tuple(problems))
