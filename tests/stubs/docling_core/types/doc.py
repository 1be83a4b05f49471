# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for docling-core's document."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from glossapi.traps import has


class DoclingDocument:
    """Knows the Markdown of its pages."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._texts = [item for item in document["texts"] if item.get("label") != "formula"]
        self.texts = [_item(item) for item in document["texts"]]
        self.pages = {
            int(number): SimpleNamespace(size=SimpleNamespace(**page.get("size", {})))
            for number, page in document.get("pages", {}).items()
        }

    @classmethod
    def model_validate(cls, document: dict[str, Any]) -> DoclingDocument:
        """Return the document."""
        return cls(document)

    @classmethod
    def concatenate(cls, documents: list[DoclingDocument]) -> DoclingDocument:
        """Return one document of parts that follow each other."""
        if has("parts_apart"):
            raise ValueError("these parts do not fit")
        whole: dict[str, Any] = {"pages": {}, "texts": []}
        for each in documents:
            whole["pages"] |= each._document["pages"]
            whole["texts"] += each._document["texts"]
        return cls(whole)

    def export_to_dict(self, *, coord_precision: int, confid_precision: int) -> dict[str, Any]:
        """Return it as it is written."""
        assert coord_precision
        assert confid_precision
        return self._document

    def export_to_markdown(self, *, page_no: int | None = None) -> str:
        """Return all Markdown; or of one page, as a list of its texts, to be told from the texts themselves."""
        if page_no is None:
            return "\n\n".join(_markdown(item) for item in self.texts)
        return "\n\n".join(f"- {item['text']}" for item in self._texts if item["prov"][0]["page_no"] == page_no)


class Box:
    """A box, as docling has it: from the bottom left corner of its page."""

    def __init__(self, left: float, top: float, right: float, bottom: float) -> None:
        self.l, self.t, self.r, self.b = left, top, right, bottom

    def to_top_left_origin(self, page_height: float) -> Box:
        """Return the same box from the top left corner."""
        return Box(self.l, page_height - self.t, self.r, page_height - self.b)


def _item(item: dict[str, Any]) -> SimpleNamespace:
    places = []
    for place in item.get("prov") or ():
        box = place.get("bbox")
        places.append(
            SimpleNamespace(page_no=place["page_no"], bbox=Box(*(box[side] for side in "ltrb")) if box else None)
        )
    return SimpleNamespace(label=item.get("label", "text"), text=item["text"], prov=places)


def _markdown(item: SimpleNamespace) -> str:
    if item.label != "formula":
        return str(item.text)
    return f"$${item.text}$$" if item.text else "<!-- formula-not-decoded -->"
