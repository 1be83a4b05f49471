# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that glossAPI's own Python runs: ``Corpus`` and its stages on one folder.

``Corpus`` notes much of what goes wrong in its log alone. So what each stage has made is looked at, document by
document.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ..._pipelines.glossapi.revision import revision

# What glossAPI compiles itself, from the network, where they are not there.
_RUST = ("glossapi_rs_cleaner", "glossapi_rs_noise")
# It says this, and has the same label for all sections then.
_SWALLOWED = "Error during prediction"
_ROWS_AT_ONCE = 64


class Product(NamedTuple):
    """A file that a stage has made.

    Attributes:
        name: what it is.
        path: below the folder.
    """

    name: str
    path: str


class StageError(Exception):
    """A stage ended well by its own word, and has not done its work."""


def main() -> None:
    """Read the request from the file that is named first, and write the answer to the one that is named second."""
    request, answer = (Path(argument) for argument in sys.argv[1:3])
    asked = json.loads(request.read_text(encoding="utf-8"))
    stages, folder = asked["stages"], asked["folder"]
    told = look(stages) if folder is None else run(Path(folder), stages)
    answer.write_text(json.dumps(told), encoding="utf-8")


def look(stages: Iterable[str]) -> dict[str, str]:
    """Return glossAPI's ``revision``, and the ``problem`` with which these stages could not run; empty for none."""
    try:
        found = revision()
        from glossapi import Corpus  # noqa: F401
        from glossapi.gloss_section_classifier import GlossSectionClassifier  # noqa: F401
    except ImportError as error:
        return {"revision": "", "problem": f"it cannot import glossAPI's Corpus: {error}"}
    return {"revision": found, "problem": "; ".join(_missing(stages))}


def _missing(stages: Iterable[str]) -> Iterator[str]:
    for name in _RUST if "clean" in stages else ():
        if find_spec(name) is None:
            yield f"stage clean needs glossAPI's Rust part {name}, which is not installed"
    if "annotate" in stages and not _model().is_file():
        yield f"stage annotate needs {_model()}, which is not there"


def _model() -> Path:
    """Return the classifier of sections. Corpus looks for it in a folder that it is not in."""
    import glossapi

    return Path(str(glossapi.__file__)).parent / "models" / "section_classifier.joblib"


def run(folder: Path, stages: Iterable[str]) -> dict[str, Any]:
    """Run the stages on the folder, up to the first that fails.

    Returns:
        ``problems``: a stage that failed and documents that a stage has left out, in words; ``products``: pairs of name
        and path.
    """
    from glossapi import Corpus

    corpus = Corpus(folder / "input", folder, section_classifier_model_path=_model())
    documents = {path.stem for path in (folder / "markdown").glob("*.md")}
    problems: list[str] = []
    products: list[Product] = []
    for stage in stages:
        try:
            made, kept = _STAGES[stage](corpus, folder)
        # Whatever it is, what the stages before have made is kept, and it is told.
        except Exception as error:
            problems.append(f"stage {stage} failed: {type(error).__name__}: {error}")
            break
        products += made
        problems += [f"stage {stage} has left out {document}" for document in sorted(documents - kept)]
    return {"problems": problems, "products": products}


_Made = tuple[list[Product], set[str]]


def _clean(corpus: Any, folder: Path) -> _Made:
    # What is poor is marked in the table, not dropped.
    corpus.clean(drop_bad=False)
    cleaned = sorted((folder / "clean_markdown").glob("*.md"))
    _check_measures(folder / _TABLE)
    _write_texts(cleaned, folder / "cleaned.parquet")
    return [Product("cleaned", "cleaned.parquet"), Product("measures", _TABLE)], {path.stem for path in cleaned}


_TABLE = "download_results/download_results.parquet"


def _check_measures(path: Path) -> None:
    from pyarrow import parquet

    found = parquet.read_table(path)
    for column in ("mojibake_badness_score", "greek_badness_score"):
        if column not in found.column_names or found[column].null_count == found.num_rows:
            raise StageError(f"no document has a {column}; see glossAPI's log")


def _write_texts(paths: Iterable[Path], table: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema({"filename": pa.string(), "text": pa.string()})
    waiting = list(paths)
    with parquet.ParquetWriter(table, schema, compression="zstd") as writer:
        for start in range(0, len(waiting), _ROWS_AT_ONCE):
            some = waiting[start : start + _ROWS_AT_ONCE]
            rows = [{"filename": path.stem, "text": path.read_text(encoding="utf-8")} for path in some]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _section(corpus: Any, _folder: Path) -> _Made:
    corpus.section()
    path = "sections/sections_for_annotation.parquet"
    return [Product("sections", path)], _filenames(corpus.sections_parquet)


def _annotate(corpus: Any, _folder: Path) -> _Made:
    said = _Watched(sys.stdout)
    with contextlib.redirect_stdout(said):
        corpus.annotate(annotation_type="text")
    if said.found:
        raise StageError(said.found)
    if not corpus.fully_annotated_parquet.exists():
        raise StageError("it wrote no sections; see glossAPI's log")
    return [Product("annotated", corpus.fully_annotated_parquet.name)], _filenames(corpus.fully_annotated_parquet)


def _jsonl(corpus: Any, folder: Path) -> _Made:
    written = corpus.jsonl_sharded(
        folder / "jsonl",
        # One file for one file.
        shard_size_bytes=1 << 62,
        text_key="text",
        metadata_key="pipeline_metadata",
        include_remaining_metadata=False,
    )
    if len(written) != 1:
        raise StageError(f"it wrote {len(written)} files in the place of one")
    return [Product("jsonl", str(Path(written[0]).relative_to(folder)))], set(_names_of_lines(Path(written[0])))


_STAGES: dict[str, Callable[[Any, Path], _Made]] = {
    "clean": _clean,
    "section": _section,
    "annotate": _annotate,
    "jsonl": _jsonl,
}


def _filenames(path: Path) -> set[str]:
    from pyarrow import parquet

    return set(parquet.read_table(path, columns=["filename"])["filename"].to_pylist())


def _names_of_lines(path: Path) -> Iterator[str]:
    import pyarrow as pa

    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        for line in io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="\n"):
            yield json.loads(line)["filename"]


class _Watched(io.TextIOBase):
    """Passes on what is said, and keeps what glossAPI says of an error that it goes on after."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.found = ""

    def write(self, text: str) -> int:
        if not self.found and _SWALLOWED in text:
            self.found = text.strip()
        return int(self._stream.write(text))

    def flush(self) -> None:
        self._stream.flush()


if __name__ == "__main__":
    main()
