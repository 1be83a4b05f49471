# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``command``: any command line, once for each document.

Exit status 0 is not believed. Either the command leaves exactly one non-empty ``*.md`` in ``{workdir}`` or
``{workdir}/markdown`` (and may leave a JSON file of the same stem there or in ``{workdir}/json``), or it uploads
``{output}/markdown/<key>.md`` itself. Either must be this attempt's, and long enough for the document's pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..._children.lifetime import adopt_orphans
from ..._records.failure_classes import FailureClass
from ..._records.markers import Output
from ..._records.names import json_uri, markdown_uri
from ..._s3.objects import S3Object, list_objects, read_bytes
from ..._s3.uri import S3Uri
from ..failures import DocumentFailure
from ..output_checks import Start, count_characters, decoding, read_json, read_markdown
from ..page_text import PageText, TextSource, sections_of
from ..task import Product, Task
from ..text_length import check_text_length
from .execution import run_command
from .options import CommandOptions, fill

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class CommandPipeline:
    """Runs the command in a session of its own and checks what it left.

    Args:
        options: see :func:`parse_options`.
        output: the shard's results.
        client: for looking at what the command uploaded itself.
    """

    def __init__(self, options: CommandOptions, output: S3Uri, client: S3Client) -> None:
        self._options = options
        self._output = output
        self._client = client
        # So that what a command leaves is known, and ends with its document.
        adopt_orphans()
        self._uploads = any("{output}" in argument for argument in options.command)

    def process(self, task: Task) -> Product:
        """Run the command on one document.

        Raises:
            DocumentFailure: it failed, or left no fresh Markdown.
        """
        before = self._find(markdown_uri(self._output, task.key))
        values = {"uri": task.uri, "input": str(task.input), "workdir": str(task.folder), "output": str(self._output)}
        start = Start.of(task.folder)
        run_command(fill(self._options.command, values), task.folder)
        files = find_files(task.folder)
        if files is None:
            return self._find_uploaded(task, before)
        text = check_files(files, start, task)
        return Product(pages=self._pages(text), markdown=files.markdown, json=files.json)

    def _pages(self, text: str) -> tuple[PageText, ...] | None:
        return sections_of(text, TextSource.PROGRAM) if self._options.text else None

    def _find(self, uri: S3Uri) -> S3Object | None:
        if not self._uploads:
            return None
        # A key sorts before all that it is a prefix of, so it is first in its listing or not there.
        first = next(list_objects(self._client, uri), None)
        return first if first is not None and first.uri == uri else None

    def _find_uploaded(self, task: Task, before: S3Object | None) -> Product:
        uri = markdown_uri(self._output, task.key)
        found = self._find(uri)
        # S3's own times are compared, so that clocks do not matter.
        if found is None or not found.bytes or (before is not None and found.modified <= before.modified):
            state = "none" if found is None else "an empty one" if not found.bytes else "an old one"
            where = f", and {state} at {uri}" if self._uploads else ""
            raise DocumentFailure(
                FailureClass.EMPTY_OUTPUT,
                f"the command ended with status 0 but left no non-empty Markdown in its workdir{where}",
            )
        # No text has more characters than bytes.
        check_text_length(found.bytes, task.pages, task.input, has_ocr=True)
        sidecar = self._find(json_uri(self._output, task.key))
        with decoding(str(uri)):
            pages = self._pages(read_bytes(self._client, uri).decode()) if self._options.text else None
        return Product(pages=pages, uploaded=tuple(Output(str(o.uri), o.etag, o.bytes) for o in (found, sidecar) if o))


@dataclass(frozen=True)
class LeftFiles:
    """What a command left; ``json`` is ``None`` where there is none."""

    markdown: Path
    json: Path | None = None


def find_files(folder: Path) -> LeftFiles | None:
    """Return the files a command left below its folder, or ``None`` where there is no Markdown.

    Raises:
        DocumentFailure: there are several, and no telling which is the document's.
    """
    found = [path for place in (folder, folder / "markdown") for path in sorted(place.glob("*.md"))]
    found = [path for path in found if path.is_file() and path.stat().st_size]
    if len(found) > 1:
        names = ", ".join(str(path.relative_to(folder)) for path in found[:5])
        raise DocumentFailure(FailureClass.PIPELINE, f"the command left {len(found)} Markdown files: {names}")
    if not found:
        return None
    sidecars = (place / f"{found[0].stem}.json" for place in (folder, folder / "json"))
    return LeftFiles(found[0], next((path for path in sidecars if path.is_file()), None))


def check_files(files: LeftFiles, start: Start, task: Task) -> str:
    """Check the files a command left, see :mod:`output_checks`, and return the text.

    Raises:
        DocumentFailure: they are not what a document's output must be.
    """
    text = read_markdown(files.markdown, start)
    check_text_length(count_characters(text), task.pages, task.input, has_ocr=True)
    if files.json is not None:
        read_json(files.json, start)
    return text
