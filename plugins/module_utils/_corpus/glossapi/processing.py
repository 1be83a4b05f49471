# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glossAPI makes of a dataset, one file of it after the other, and where that goes in S3."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._errors import FarmError
from ..._files import TemporaryFile, disk_errors
from ..._records.codec import UnreadableRecordError
from ..._records.dataset import DatasetPart, GlossapiPart, GlossapiProduct
from ..._records.names import dataset_file_name, glossapi_file_name, glossapi_part_uri
from ..._s3.files import download
from ..._s3.objects import read_bytes_if_exists
from ..folder import DatasetFolder
from .layout import write_layout
from .stages import GlossapiOptions, glossapi_revision, run_stages

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOG = logging.getLogger(__name__)

# Of what is made of a file, with another number it is made anew.
_FORMAT = 1
_CONTENT_TYPES = {"parquet": "application/vnd.apache.parquet", "jsonl.zst": "application/zstd"}


@dataclass
class Processed:
    """What glossAPI has made of the files of a dataset.

    Attributes:
        revision: glossAPI's version, and its commit where that is known; empty where it had nothing to do.
        stages: that were run, in their order.
        documents: of these files.
        written: files of the dataset of which anything was made anew.
        problems: stages that failed and documents that were left out, each with its file of the dataset.
        changed: whether anything is, or in check mode would be, another than before.
        listed: for the manifest: name, bytes and SHA-256 of each product.
    """

    revision: str = ""
    stages: tuple[str, ...] = ()
    documents: int = 0
    written: int = 0
    problems: list[str] = field(default_factory=list)
    changed: bool = False
    listed: list[dict[str, Any]] = field(default_factory=list)


class Processing:
    """Takes the files of a dataset; a file whose products are what they were is left as it is.

    Args:
        client: of the S3 that has the dataset.
        folder: of the dataset.
        options: which stages, and with which Python.
        check_mode: run no stage, and write nothing.

    Attributes:
        made: what it has come to so far.

    Raises:
        FarmError: there are stages, and glossAPI cannot run them.
    """

    def __init__(self, client: S3Client, folder: DatasetFolder, options: GlossapiOptions, *, check_mode: bool) -> None:
        self.made = Processed(stages=options.in_order)
        self._client = client
        self._folder = folder
        self._options = options
        self._check_mode = check_mode
        if options.stages:
            self.made.revision = glossapi_revision(options)

    def take(self, number: int, part: DatasetPart) -> None:
        """Have the products of the dataset's file with this number.

        Raises:
            FarmError: there is no room on this machine, or another run writes the same dataset.
            S3Error: S3 could not be read or written.
        """
        if not self._options.stages:
            return
        inputs = self._inputs(part)
        saved = self._saved(number)
        if saved is None or saved.inputs != inputs or saved.problems:
            if self._check_mode:
                self.made.changed = True
                return
            saved = self._write(number, inputs, saved)
        name = dataset_file_name(number)
        self.made.documents += saved.documents
        self.made.problems += [f"{name}: {problem}." for problem in saved.problems]
        self.made.listed += [
            {"name": product.name, "bytes": product.bytes, "sha256": product.sha256} for product in saved.products
        ]

    def _inputs(self, part: DatasetPart) -> str:
        told = [_FORMAT, part.sha256, self.made.stages, self.made.revision]
        return sha256(json.dumps(told).encode()).hexdigest()

    def _saved(self, number: int) -> GlossapiPart | None:
        """Return what is known of this file's products, if all are there as they were written."""
        uri = glossapi_part_uri(self._folder.uri, number)
        body = read_bytes_if_exists(self._client, uri) if uri in self._folder.etags else None
        if body is None:
            return None
        try:
            part = GlossapiPart.from_json(body, str(uri))
        except UnreadableRecordError as error:
            LOG.info("%s glossAPI's stages are run again.", error)
            return None
        is_whole = all(
            self._folder.etags.get(self._folder.uri.join(product.name)) == product.etag for product in part.products
        )
        return part if is_whole else None

    def _write(self, number: int, inputs: str, before: GlossapiPart | None) -> GlossapiPart:
        name = dataset_file_name(number)
        with tempfile.TemporaryDirectory(prefix="glossapi-farm-") as path, _room(name):
            folder = Path(path)
            documents = write_layout(folder, download(self._client, self._folder.uri.join(name)))
            LOG.info("glossAPI: %s of %d documents of %s", ", ".join(self.made.stages), documents, name)
            try:
                result = run_stages(self._options, folder)
            except FarmError as error:
                # The files that follow may be none the worse; this one is tried again by the next run.
                problems: tuple[str, ...] = (str(error).removesuffix("."),)
                products: tuple[GlossapiProduct, ...] = ()
            else:
                problems = result.problems
                products = tuple(self._products(number, result.products))
        made = GlossapiPart(inputs, self.made.stages, self.made.revision, documents, problems, products)
        if made != before:
            self._folder.put(glossapi_part_uri(self._folder.uri, number), made.to_json(), "application/json")
            self.made.changed = True
            self.made.written += 1
        return made

    def _products(self, number: int, paths: dict[str, Path]) -> Iterator[GlossapiProduct]:
        for product, path in paths.items():
            suffix = "parquet" if path.suffix == ".parquet" else "jsonl.zst"
            name = glossapi_file_name(product, number, suffix)
            uri = self._folder.uri.join(name)
            file = TemporaryFile(path)
            if not self._folder.has(uri, file):
                self._folder.put(uri, file, _CONTENT_TYPES[suffix])
            yield GlossapiProduct(name, file.bytes, file.sha256(), self._folder.etags[uri])


@contextmanager
def _room(name: str) -> Iterator[None]:
    with disk_errors(f"the documents of {name} for glossAPI", "them, and what glossAPI makes of them"):
        yield
