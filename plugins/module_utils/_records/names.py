# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of everything the farm keeps in S3; nothing else makes or takes apart such a name.

Below the prefix for manifests::

    page_counts_master.csv          the page-count table
    page_counts_master.parquet      the same, where it is asked for
    chunks/<digest>.csv             its rows while they are counted
    shards/shard_<n>.csv, .txt      a shard's documents
    shards/shard_summary.json       the cut in numbers
    ocr/shards/...                  the same again for the cut of stage ``ocr``
    math/shards/...                 and for that of stage ``math``

Below the prefix for results; ``<key>`` is the whole key of a document, so that same-named documents never collide::

    shard-<n>/markdown/<key>.md     a document's text
    shard-<n>/json/<key>.json       what is known of it
    shard-<n>/quality/<key>.json    what its text is worth, page by page
    shard-<n>/pages/<key>.json      the text layer of a document that stage ``ocr`` goes on with, page by page
    status/<key>.done, .failed      its marker
    status/_stages/text/<key>.json  the marker of a document that stage ``text`` has handed on to stage ``ocr``
    status/_stages/kept/<key>.json  its marker, of a document that stage ``text`` has done after it had handed it on
    status/_stages/open/<key>.json  its marker once more, of a document that stage ``text`` has done, but its formulas
    status/_stages/math/<key>.json  the marker of stage ``math``, whether it read them or failed
    status/_logs/<key>.<attempt>.log
    status/_progress/shard-<n>.json, .history.json, .quality.json, .in-work.json, .lease, .log
    status/_progress/shard-<n>.loan-<m>.json, .lease  a piece of shard n that the node of shard m does
    status/_progress/piece-<n>.lease, .in-work.json  who does piece n of a queue, and what is in work of it
    status/_progress/ocr/...        the same again for the supervisors of stage ``ocr``
    status/_progress/math/...       and for those of stage ``math``
    status/_queue/<stage>.json      which pieces of a stage's cut were put into its queue
    status/_tuning/<stage>/<machine>.json  what tune.yml found for a stage on this kind of machine
    status/_nodes/<instance>.json   what an instance says of its costs and its end
    status/_fleet/settings.json     what the nodes of a fleet are told, which no controller configures
    status/_fleet/nodes/<instance>.json  what such a node does, and why it cannot work where it cannot
    _report/index.html
    corpus/<label>/train-00000.jsonl.zst ...  the text of the documents that are done, as a dataset
    corpus/<label>/metadata.parquet, manifest.json, README.md
    corpus/<label>/_parts/train-00000.json    what each of its files was made from
    corpus/<label>/glossapi/sections-00000.parquet ...  what glossAPI has made of each of its files
    corpus/<label>/_parts/glossapi-00000.json  of what, and by which glossAPI
    compare/<label>/sample.json, sample       pages for OCR backends to be compared on: which, and as one PDF
    compare/<label>/pages/0001.jpg ...        their pictures
    compare/<label>/backends/<name>.json      how one backend did
    compare/<label>/backends/<name>.jsonl     what it read on each of them
    compare/<label>/index.html                all of that as a page
    _smoke/<node>/<trial>/          the same again for a trial of a few documents, manifests/, and canary.pdf
"""

from __future__ import annotations

import re

from .._errors import FarmError
from .._s3.uri import S3Uri
from .document import DocumentState
from .stage import Stage

SUMMARY_NAME = "shard_summary.json"
_TABLE = "page_counts_master.csv"
_PARQUET = "page_counts_master.parquet"
_CHUNKS = "chunks"
_SHARDS = "shards"
_STATUS = "status"
_PROGRESS = "_progress"
_STAGES = "_stages"
_LOGS = "_logs"
_NODES = "_nodes"
_FLEET = "_fleet"
_TUNING = "_tuning"
_QUEUE = "_queue"
_REPORT = "_report"
_REPORT_PAGE = "index.html"
_SMOKE = "_smoke"
_CANARY = "canary.pdf"
_PDF_SUFFIX = ".pdf"
_CANARY_KEY = re.compile(rf"(?:.*/)?{_SMOKE}/[^/]+/[^/]+/{re.escape(_CANARY)}", re.DOTALL)
_MARKDOWN = "markdown"
_STATES = {state.value: state for state in (DocumentState.DONE, DocumentState.FAILED)}
# No document has such a key: names that begin so below the status folder are the farm's own.
_FORWARDED = f"{_STAGES}/{Stage.TEXT}/"
_FORWARDED_SUFFIX = ".json"
_KEPT = f"{_STAGES}/kept/"
_FORMULAS = f"{_STAGES}/open/"
_MATH = f"{_STAGES}/{Stage.MATH}/"
_MANIFEST = re.compile(r"shard_([1-9][0-9]*)\.(?:txt|csv)")
_PROGRESS_OBJECT = re.compile(r"shard-([1-9][0-9]*)\.json")
_HISTORY_OBJECT = re.compile(r"shard-([1-9][0-9]*)\.history\.json")
_QUALITY_OBJECT = re.compile(r"shard-([1-9][0-9]*)\.quality\.json")
_IN_WORK_OBJECT = re.compile(r"shard-([1-9][0-9]*)\.in-work\.json")
_PIECE_IN_WORK_OBJECT = re.compile(r"piece-([1-9][0-9]*)\.in-work\.json")
_NODE_OBJECT = re.compile(r"([^/]+)\.json")
_LOAN_OBJECT = re.compile(r"loan-([1-9][0-9]*)\.json")
_CORPUS = "corpus"
_DATASET_FILE = "train-{:05}"
_PARTS = "_parts"
_GLOSSAPI = "glossapi"
_DATASET_OBJECT = re.compile(
    r"(?:train-([0-9]{5,})\.jsonl\.zst|_parts/(?:train|glossapi)-([0-9]{5,})\.json"
    r"|glossapi/[a-z]+-([0-9]{5,})\.(?:parquet|jsonl\.zst))"
)
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_COMPARISON = "compare"
_COMPARISON_BACKENDS = "backends"
_COMPARISON_OBJECT = re.compile(r"([^/]+)\.json")
_OUTPUT_FOLDER = re.compile(r"shard-[0-9]+/")


def table_uri(manifests: S3Uri) -> S3Uri:
    """Return where the page-count table is."""
    return manifests.join(_TABLE)


def parquet_uri(manifests: S3Uri) -> S3Uri:
    """Return where the page-count table is as Parquet."""
    return manifests.join(_PARQUET)


def chunks_folder(manifests: S3Uri) -> S3Uri:
    """Return the folder of the table's chunks."""
    return manifests.join(_CHUNKS, "")


def chunk_uri(manifests: S3Uri, digest: str) -> S3Uri:
    """Return where a chunk of the table goes, whose rows have this digest."""
    return manifests.join(_CHUNKS, f"{digest}.csv")


def shards_folder(manifests: S3Uri, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return the prefix of the manifests of a stage's cut."""
    return manifests.join(*_below(stage), _SHARDS)


def manifest_uri(shards: S3Uri, shard: int) -> S3Uri:
    """Return where the manifest of ``shard`` is, with pages and bytes."""
    return shards.join(f"shard_{shard}.csv")


def list_uri(shards: S3Uri, shard: int) -> S3Uri:
    """Return where the list of the documents of ``shard`` is, a uri a line."""
    return shards.join(f"shard_{shard}.txt")


def manifests_prefix(shards: S3Uri) -> S3Uri:
    """Return what the names of all manifests and lists begin with."""
    return shards.join("shard_")


def shard_of_manifest(shards: S3Uri, uri: S3Uri) -> int | None:
    """Return the shard whose manifest or list is at ``uri``, ``None`` where that is another object."""
    name = _MANIFEST.fullmatch(uri.key.removeprefix(shards.join("").key))
    return int(name[1]) if name else None


def status_folder(results: S3Uri) -> S3Uri:
    """Return the folder of all markers."""
    return results.join(_STATUS, "")


def marker_uri(results: S3Uri, key: str, state: DocumentState) -> S3Uri:
    """Return where the marker of the document with this key is."""
    if state is DocumentState.FORWARDED:
        return results.join(_STATUS, f"{_FORWARDED}{key}{_FORWARDED_SUFFIX}")
    return results.join(_STATUS, f"{key}.{state.value}")


def forwarded_folder(results: S3Uri) -> S3Uri:
    """Return the folder of the markers of documents that were handed on to stage ``ocr``."""
    return results.join(_STATUS, _FORWARDED)


def kept_folder(results: S3Uri) -> S3Uri:
    """Return the folder of what says which documents stage ``text`` has done that it had handed on before."""
    return results.join(_STATUS, _KEPT)


def kept_uri(results: S3Uri, key: str) -> S3Uri:
    """Return where it says that stage ``text`` has done the document with this key, which it had handed on before."""
    return kept_folder(results).join(f"{key}{_FORWARDED_SUFFIX}")


def formulas_folder(results: S3Uri) -> S3Uri:
    """Return the folder of what says which documents have formulas for stage ``math``."""
    return results.join(_STATUS, _FORMULAS)


def formulas_uri(results: S3Uri, key: str) -> S3Uri:
    """Return where it says that the document with this key has formulas for stage ``math``."""
    return formulas_folder(results).join(f"{key}{_FORWARDED_SUFFIX}")


def math_folder(results: S3Uri) -> S3Uri:
    """Return the folder of the markers of stage ``math``."""
    return results.join(_STATUS, _MATH)


def math_uri(results: S3Uri, key: str) -> S3Uri:
    """Return where the marker of stage ``math`` is for the document with this key."""
    return math_folder(results).join(f"{key}{_FORWARDED_SUFFIX}")


def folders_without_markers(status: S3Uri) -> tuple[S3Uri, ...]:
    """Return the folders below a status folder that have objects of many documents, but none that tells a state."""
    return tuple(status.join(folder) for folder in (_KEPT, _FORMULAS, _MATH))


def key_below(folder: S3Uri, uri: S3Uri) -> str:
    """Return the key of the document of which ``uri``, in one of the folders of stages, speaks."""
    return uri.key.removeprefix(folder.key).removesuffix(_FORWARDED_SUFFIX)


def parse_marker(status: S3Uri, uri: S3Uri) -> tuple[str, DocumentState] | None:
    """Return the key and the state that a name below the status folder marks, ``None`` where it marks none."""
    name = uri.key.removeprefix(status.key)
    if name.startswith(_FORWARDED):
        is_marker = name.endswith(_FORWARDED_SUFFIX)
        key = name.removeprefix(_FORWARDED).removesuffix(_FORWARDED_SUFFIX)
        return (key, DocumentState.FORWARDED) if is_marker else None
    key, _dot, suffix = name.rpartition(".")
    state = _STATES.get(suffix)
    return (key, state) if state else None


def can_be_marked(results: S3Uri, key: str) -> bool:
    """Whether a marker of the document with this key fits into S3's limit for keys.

    A row of a manifest that is no UTF-8 has come with surrogates: there is no such key in S3.
    """
    return marker_uri(results, key, DocumentState.FORWARDED).can_exist


def document_log_uri(results: S3Uri, key: str, attempt: int) -> S3Uri:
    """Return where the end of the worker's log goes for an attempt at the document with this key."""
    return results.join(_STATUS, _LOGS, f"{key}.{attempt}.log")


def progress_folder(results: S3Uri, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return the folder of what a stage's supervisors say of themselves; that of stage ``text`` has all others."""
    return results.join(_STATUS, _PROGRESS, *_below(stage), "")


def progress_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of ``shard`` puts its progress."""
    return progress_folder(results, stage).join(f"shard-{shard}.json")


def shard_of_progress(results: S3Uri, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return the shard whose progress is at ``uri``, ``None`` where that is another object."""
    name = _PROGRESS_OBJECT.fullmatch(uri.key.removeprefix(progress_folder(results, stage).key))
    return int(name[1]) if name else None


def supervisors_prefix(results: S3Uri, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return what the names of all objects that supervisors keep of themselves at a stage begin with."""
    return progress_folder(results, stage).join("shard-")


def shard_of_history(results: S3Uri, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return the shard whose history is at ``uri``, ``None`` where that is another object."""
    name = _HISTORY_OBJECT.fullmatch(uri.key.removeprefix(progress_folder(results, stage).key))
    return int(name[1]) if name else None


def history_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of ``shard`` puts its history."""
    return progress_folder(results, stage).join(f"shard-{shard}.history.json")


def shard_quality_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of ``shard`` puts what the text of its documents is worth."""
    return progress_folder(results, stage).join(f"shard-{shard}.quality.json")


def shard_of_quality(results: S3Uri, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return the shard of which ``uri`` has that, ``None`` where it is another object."""
    name = _QUALITY_OBJECT.fullmatch(uri.key.removeprefix(progress_folder(results, stage).key))
    return int(name[1]) if name else None


def in_work_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of ``shard`` says what it works on."""
    return progress_folder(results, stage).join(f"shard-{shard}.in-work.json")


def shard_of_in_work(results: S3Uri, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return the shard of which ``uri`` has what is in work, ``None`` where that is another object."""
    name = _IN_WORK_OBJECT.fullmatch(uri.key.removeprefix(progress_folder(results, stage).key))
    return int(name[1]) if name else None


def lease_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of ``shard`` says that the shard is its own."""
    return progress_folder(results, stage).join(f"shard-{shard}.lease")


def loans_prefix(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return what the names of all loans of ``shard`` begin with."""
    return progress_folder(results, stage).join(f"shard-{shard}.loan-")


def loan_uri(results: S3Uri, shard: int, helper: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where it says which piece of ``shard`` the supervisor of shard ``helper`` asks for or has."""
    return progress_folder(results, stage).join(f"shard-{shard}.loan-{helper}.json")


def helper_of_loan(results: S3Uri, shard: int, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return whose supervisor helps ``shard`` by the loan at ``uri``, ``None`` where that is another object."""
    prefix = progress_folder(results, stage).join(f"shard-{shard}.").key
    name = _LOAN_OBJECT.fullmatch(uri.key.removeprefix(prefix))
    return int(name[1]) if name else None


def loan_lease_uri(results: S3Uri, shard: int, helper: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor of shard ``helper`` says that it still works on what ``shard`` has lent it."""
    return progress_folder(results, stage).join(f"shard-{shard}.loan-{helper}.lease")


def piece_lease_uri(results: S3Uri, piece: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor that does this piece of a queue says that it is its own."""
    return progress_folder(results, stage).join(f"piece-{piece}.lease")


def piece_in_work_uri(results: S3Uri, piece: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where the supervisor that does this piece of a queue says what it works on."""
    return progress_folder(results, stage).join(f"piece-{piece}.in-work.json")


def piece_of_in_work(results: S3Uri, uri: S3Uri, stage: Stage = Stage.TEXT) -> int | None:
    """Return the piece of which ``uri`` has what is in work, ``None`` where that is another object."""
    name = _PIECE_IN_WORK_OBJECT.fullmatch(uri.key.removeprefix(progress_folder(results, stage).key))
    return int(name[1]) if name else None


def queue_record_uri(results: S3Uri, stage: Stage) -> S3Uri:
    """Return where it says which pieces of a stage's cut were put into its queue."""
    return results.join(_STATUS, _QUEUE, f"{stage.value}.json")


def supervisor_log_uri(results: S3Uri, shard: int, stage: Stage = Stage.TEXT) -> S3Uri:
    """Return where a supervisor of ``shard`` that ends puts the end of its log."""
    return progress_folder(results, stage).join(f"shard-{shard}.log")


def node_records_folder(results: S3Uri) -> S3Uri:
    """Return the folder of what instances say of themselves."""
    return results.join(_STATUS, _NODES, "")


def node_record_uri(results: S3Uri, instance_id: str) -> S3Uri:
    """Return where an instance says what it costs, and that it ends."""
    return node_records_folder(results).join(f"{instance_id}.json")


def instance_of_node_record(results: S3Uri, uri: S3Uri) -> str | None:
    """Return the id of the instance that says this at ``uri``, ``None`` where that is another object."""
    name = _NODE_OBJECT.fullmatch(uri.key.removeprefix(node_records_folder(results).key))
    return name[1] if name else None


def fleet_settings_uri(results: S3Uri) -> S3Uri:
    """Return where the nodes of a fleet find their settings."""
    return results.join(_STATUS, _FLEET, "settings.json")


def fleet_nodes_folder(results: S3Uri) -> S3Uri:
    """Return the folder of what nodes of a fleet say of themselves."""
    return results.join(_STATUS, _FLEET, "nodes", "")


def fleet_node_uri(results: S3Uri, instance_id: str) -> S3Uri:
    """Return where a node of a fleet says what it does."""
    return fleet_nodes_folder(results).join(f"{instance_id}.json")


def instance_of_fleet_node(results: S3Uri, uri: S3Uri) -> str | None:
    """Return the id of the instance that says this at ``uri``, ``None`` where that is another object."""
    name = _NODE_OBJECT.fullmatch(uri.key.removeprefix(fleet_nodes_folder(results).key))
    return name[1] if name else None


def tuning_uri(results: S3Uri, stage: Stage, machine: str) -> S3Uri:
    """Return where it says what was found for a stage on machines of this kind."""
    return results.join(_STATUS, _TUNING, stage.value, f"{machine}.json")


def _below(stage: Stage) -> tuple[str, ...]:
    """Return the folder that a stage's own objects are in; those of the first are in none."""
    return () if stage is Stage.TEXT else (stage.value,)


def output_folder(results: S3Uri, shard: int) -> S3Uri:
    """Return the prefix of the outputs of ``shard``."""
    return results.join(f"shard-{shard}")


def outputs_prefix(results: S3Uri) -> S3Uri:
    """Return what the names of all outputs begin with."""
    return results.join("shard-")


def markdown_folder(results: S3Uri, folder: S3Uri) -> S3Uri | None:
    """Return the folder of the Markdown in an output folder, ``None`` where ``folder`` is another."""
    name = folder.key.removeprefix(results.join("").key)
    return folder.join(_MARKDOWN, "") if _OUTPUT_FOLDER.fullmatch(name) else None


def markdown_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the Markdown of the document with this key goes below ``<results>/shard-<n>``."""
    return output.join(_MARKDOWN, f"{key}.md")


def is_markdown(uri: S3Uri, key: str) -> bool:
    """Whether the Markdown of the document with this key is at ``uri``, in whichever shard's folder."""
    return uri.key.endswith(f"/{_MARKDOWN}/{key}.md")


def key_of_markdown(folder: S3Uri, uri: S3Uri) -> str:
    """Return the key of the document whose Markdown is at ``uri`` in this folder."""
    return uri.key.removeprefix(folder.key).removesuffix(".md")


def json_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the JSON of the document with this key goes below ``<results>/shard-<n>``."""
    return output.join("json", f"{key}.json")


def quality_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the quality of the document with this key goes below ``<results>/shard-<n>``."""
    return output.join("quality", f"{key}.json")


def pages_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the text layer of the document with this key goes, which stage ``ocr`` goes on with."""
    return output.join("pages", f"{key}.json")


def report_folder(results: S3Uri) -> S3Uri:
    """Return the folder of the report's page."""
    return results.join(_REPORT, "")


def dataset_folder(results: S3Uri, label: str) -> S3Uri:
    """Return the folder of the dataset with this label."""
    return results.join(_CORPUS, label, "")


def dataset_file_name(number: int) -> str:
    """Return the name of a file of a dataset, from 0, in its folder."""
    return f"{_DATASET_FILE.format(number)}.jsonl.zst"


def dataset_part_uri(folder: S3Uri, number: int) -> S3Uri:
    """Return where it says what this file of the dataset was made from."""
    return folder.join(_PARTS, f"{_DATASET_FILE.format(number)}.json")


def glossapi_file_name(product: str, number: int, suffix: str) -> str:
    """Return the name, in a dataset's folder, of what glossAPI has made of the dataset's file with this number.

    Args:
        product: what it is, in small letters, such as ``sections``.
        number: see :func:`dataset_file_name`.
        suffix: ``parquet`` or ``jsonl.zst``.
    """
    return f"{_GLOSSAPI}/{product}-{number:05}.{suffix}"


def glossapi_part_uri(folder: S3Uri, number: int) -> S3Uri:
    """Return where it says what glossAPI has made of this file of the dataset, and of what."""
    return folder.join(_PARTS, f"{_GLOSSAPI}-{number:05}.json")


def number_of_dataset_object(folder: S3Uri, uri: S3Uri) -> int | None:
    """Return the number of the dataset's file that is at ``uri``, of which it tells there, or of which that was made.

    It is ``None`` for another object.
    """
    name = _DATASET_OBJECT.fullmatch(uri.key.removeprefix(folder.key))
    return int(name[name.lastindex or 0]) if name else None


def require_label(label: str, what: str) -> None:
    """Check that a label can be the name of a folder or an object.

    Args:
        label: the operator's.
        what: it is of, as in "The label".

    Raises:
        FarmError: it cannot.
    """
    if not _LABEL.fullmatch(label):
        raise FarmError(
            f"{what} {label!r} cannot name a folder: use letters, digits, dots, hyphens and underscores, the first a "
            "letter or digit."
        )


def comparison_folder(results: S3Uri, label: str) -> S3Uri:
    """Return the folder of the comparison of OCR backends with this label."""
    return results.join(_COMPARISON, label, "")


def comparison_sample_uri(folder: S3Uri) -> S3Uri:
    """Return where it says which pages a comparison is on."""
    return folder.join("sample.json")


def comparison_pdf_uri(folder: S3Uri) -> S3Uri:
    """Return where these pages are as one PDF, which is no document: its name does not end as theirs do."""
    return folder.join("sample")


def comparison_picture_uri(folder: S3Uri, number: int) -> S3Uri:
    """Return where the picture of a page of the sample is, numbered from 1."""
    return folder.join("pages", f"{number:04}.jpg")


def comparison_run_uri(folder: S3Uri, name: str) -> S3Uri:
    """Return where it says how the backend with this name in the comparison did."""
    return folder.join(_COMPARISON_BACKENDS, f"{name}.json")


def comparison_readings_uri(folder: S3Uri, name: str) -> S3Uri:
    """Return where it is what that backend read, a page a line."""
    return folder.join(_COMPARISON_BACKENDS, f"{name}.jsonl")


def comparison_runs_folder(folder: S3Uri) -> S3Uri:
    """Return the folder of what is known of each backend of a comparison."""
    return folder.join(_COMPARISON_BACKENDS, "")


def name_of_comparison_run(folder: S3Uri, uri: S3Uri) -> str | None:
    """Return the name of the backend of which it is told at ``uri``, ``None`` where that is another object."""
    name = _COMPARISON_OBJECT.fullmatch(uri.key.removeprefix(comparison_runs_folder(folder).key))
    return name[1] if name else None


def trial_results(results: S3Uri, node: str, trial: str) -> S3Uri:
    """Return the prefix for the results of a trial on a node."""
    return results.join(_SMOKE, node, trial)


def trial_manifests(results: S3Uri) -> S3Uri:
    """Return the prefix of the manifests of the trial that has these results."""
    return results.join("manifests")


def canary_uri(results: S3Uri) -> S3Uri:
    """Return where the page whose text is known goes, for the trial that has these results."""
    return results.join(_CANARY)


def is_canary(uri: S3Uri) -> bool:
    """Whether a trial has put this object there, which is no document, be it in the bucket of the documents."""
    # Asked of each of ten million objects: the end alone tells nearly all of them apart.
    return uri.key.endswith(_CANARY) and bool(_CANARY_KEY.fullmatch(uri.key))


def is_document(uri: S3Uri) -> bool:
    """Return whether an object below the input prefix is a document, by its name."""
    return uri.key.lower().endswith(_PDF_SUFFIX) and not is_canary(uri)


def playbook_names(manifests: str, results: str) -> dict[str, str]:
    """Return the names that playbooks give to modules, for a farm's two prefixes.

    Returns:
        Addresses of the page-count ``table``, the prefix of the ``shards``, ``ocr_shards`` and ``math_shards``, the
        ``summary`` of the first, the ``status`` folder, the folder ``report`` and the ``report_page`` in it.

    Raises:
        FarmError: a prefix is no address of S3.
    """
    below, products = S3Uri.parse(manifests), S3Uri.parse(results)
    shards, report = shards_folder(below), report_folder(products)
    names = {
        "table": table_uri(below),
        "shards": shards,
        "ocr_shards": shards_folder(below, Stage.OCR),
        "math_shards": shards_folder(below, Stage.MATH),
        "summary": shards.join(SUMMARY_NAME),
        "status": products.join(_STATUS),
        "report": products.join(_REPORT),
        "report_page": report.join(_REPORT_PAGE),
    }
    return {name: str(uri) for name, uri in names.items()}
