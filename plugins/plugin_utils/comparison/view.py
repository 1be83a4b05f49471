# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of a comparison shows, worked out from what ``ocr_comparison_info`` returns."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.differences import Piece, mark
from ansible_collections.glossapi.farm.plugins.module_utils._comparison.figures import Outcome
from ansible_collections.glossapi.farm.plugins.module_utils._formatting import (
    counted,
    one_line,
    percentage,
    printable,
)

# More of a page's text is what a model said again and again; all of it is in S3.
_SHOWN_CHARACTERS = 20_000
_KINDS = {outcome.value: "failed" if outcome.is_poor else "" for outcome in Outcome}


def page_values(comparison: Mapping[str, Any], title: str) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        comparison: what ``ocr_comparison_info`` returned.
        title: the farm's name.

    Raises:
        KeyError: it is of something else.
    """
    names = [backend["name"] for backend in comparison["backends"]]
    pages = [_page(page, names) for page in comparison["pages"]]
    # Where backends agree least there is most to be seen; where none can be compared, as they are.
    pages.sort(key=lambda page: page["agreement"])
    return {
        "title": printable(title),
        "folder": printable(comparison["folder"]),
        "pages_found": counted(len(pages), "page", "pages"),
        "fewer": len(pages) < comparison["wanted"],
        "wanted": comparison["wanted"],
        "problems": [one_line(problem) for problem in comparison["problems"]],
        "left_out": [one_line(reason) for reason in comparison["left_out"]],
        "backends": [_backend(backend) for backend in comparison["backends"]],
        "read": _that_read(comparison["agreements"], names),
        "agreements": _table(comparison["agreements"], _that_read(comparison["agreements"], names)),
        "pages": pages,
    }


def _backend(backend: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": backend["name"],
        "what": one_line(" ".join([backend["backend"], backend["revision"]])),
        "problem": one_line(backend["problem"]),
        **backend["words"],
    }


def _that_read(agreements: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """Return the backends that have read a page which another has read, too."""
    return [name for name in names if any(name in pair["backends"] for pair in agreements)]


def _table(agreements: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each backend, with how much it agrees with each other one."""
    shares = {frozenset(pair["backends"]): f"{percentage(pair['share'])} %" for pair in agreements}
    return [{"name": name, "cells": [shares.get(frozenset((name, other)), "") for other in names]} for name in names]


def _page(page: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    readings = {reading["name"]: reading for reading in page["readings"]}
    read = [name for name in names if name in readings and not readings[name]["failure"]]
    shown = dict(zip(read, mark([readings[name]["text"][:_SHOWN_CHARACTERS] for name in read]), strict=True))
    agreement = fmean(pair["share"] for pair in page["agreements"]) if page["agreements"] else 0.0
    return {
        "number": page["number"],
        "document": printable(page["uri"]),
        "page": page["page"],
        "is_open": page["is_open"],
        # Once more, so that it is base64 whatever it was; empty where it is missing.
        "picture": base64.b64encode(base64.b64decode(page["picture"])).decode(),
        "agreement": agreement,
        "agreements": [
            f"{' and '.join(pair['backends'])} {percentage(pair['share'])} %" for pair in page["agreements"]
        ],
        "columns": [_column(readings[name], shown.get(name, [])) for name in names if name in readings],
    }


def _column(reading: Mapping[str, Any], pieces: Sequence[Piece]) -> dict[str, Any]:
    more = max(0, len(reading["text"]) - _SHOWN_CHARACTERS)
    return {
        "name": reading["name"],
        "kind": _KINDS[reading["outcome"]],
        "outcome": reading["outcome"],
        "score": f"{reading['score']:.2f}",
        "seconds": f"{reading['seconds']:.1f}",
        "failure": one_line(reading["failure"]),
        "pieces": [(_lines(piece.text), piece.differs) for piece in pieces],
        "more": f"{more:,} characters more" if more else "",
    }


def _lines(text: str) -> str:
    """Return a text whose lines stay lines, and in which nothing else moves what is around it."""
    return "\n".join(map(printable, text.replace("\t", " ").split("\n")))
