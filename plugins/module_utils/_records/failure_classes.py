# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of failed documents, and all that follows from each: the runner and the documentation ask this table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Retry(Enum):
    """Whether a document is tried again by itself, and how; the value says so to people."""

    NEVER = "no"
    ANY_WORKER = "yes"
    OWN_WORKER = "in a worker of its own"
    ALONE_ON_GPU = "in a worker of its own, while no other has its GPU"
    ALONE = "in a worker of its own, while no other document is worked on"

    @property
    def in_own_worker(self) -> bool:
        """Whether that worker processes no other document, before or after."""
        return self in (Retry.OWN_WORKER, Retry.ALONE_ON_GPU, Retry.ALONE)


# The documents that are looked back on to tell a broken run from documents that fail.
WINDOW = 50


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What follows from a failure.

    Attributes:
        happened: what happened, for people.
        advice: what they can do about it.
        retry: whether it is tried again by itself. Never where that could not end differently; in a worker of its own
            where it may have ended its worker: if that one ends too, it was this document.
        worker_is_spent: the process that reported it is of no use to the next document.
        hardware_is_suspected: the slot's hardware may be to blame, and is checked.
        is_documents_fault: the document alone is to blame: were all so, the run would be in order (see
            ``_runner/work/breaker.py``). Not ``unreadable`` or ``empty_output``, which a wrong model makes of all, and
            not ``download``: where every object is gone, the page counts are of another time.
        is_poor_text: what came out, or was there, was measured and is no text; of other failures nothing was measured.
    """

    happened: str
    advice: str
    retry: Retry = Retry.NEVER
    worker_is_spent: bool = False
    hardware_is_suspected: bool = False
    is_documents_fault: bool = False
    is_poor_text: bool = False


class FailureClass(Enum):
    """The classes that the marker of a failed document may have."""

    DOWNLOAD = "download"
    CHANGED = "changed"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    NEEDS_OCR = "needs_ocr"
    EMPTY_OUTPUT = "empty_output"
    UNREADABLE = "unreadable"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    GPU_MEMORY = "gpu_memory"
    GPU = "gpu"
    CRASH = "crash"
    PIPELINE = "pipeline"
    UPLOAD = "upload"

    @property
    def meaning(self) -> Meaning:
        """What follows from it."""
        return _MEANINGS[self]


_MEANINGS = {
    FailureClass.DOWNLOAD: Meaning(
        happened="the object is gone, or S3 refuses it while it serves others",
        advice="look at the object and its permissions; count again",
    ),
    FailureClass.CHANGED: Meaning(
        happened="the document has changed since stage `text` read it",
        advice="process it again from there: `-e redo_stale=true`",
        is_documents_fault=True,
    ),
    FailureClass.ENCRYPTED: Meaning(
        happened="the PDF needs a password, or its security handler is not supported",
        advice="find another copy",
        is_documents_fault=True,
    ),
    FailureClass.CORRUPT: Meaning(
        happened="PDFium cannot open it, or cannot read one of its pages",
        advice="find another copy",
        is_documents_fault=True,
    ),
    FailureClass.NEEDS_OCR: Meaning(
        happened="hardly any text was found, or it is not text (a wrong encoding), and no stage `ocr` came after",
        advice="try it again with `ocr` in `farm_stages`",
        is_documents_fault=True,
        is_poor_text=True,
    ),
    FailureClass.EMPTY_OUTPUT: Meaning(
        happened="hardly any text was found, with OCR too; or a command left nothing",
        advice="look at the document: blank pages, pictures",
        is_poor_text=True,
    ),
    FailureClass.UNREADABLE: Meaning(
        happened="what came out is not text: noise, a wrong encoding, a recogniser that does not know the language",
        advice="the message has the pages; look at some of them, and at the pipeline where many documents are so",
        is_poor_text=True,
    ),
    FailureClass.TIMEOUT: Meaning(
        happened="it took longer than `farm_timeout_base` and `farm_timeout_per_page` allow",
        advice="try it again with more time",
        retry=Retry.OWN_WORKER,
        hardware_is_suspected=True,
    ),
    FailureClass.OUT_OF_MEMORY: Meaning(
        happened="the worker ran out of the machine's memory",
        advice="try it again; fewer workers have more each (`farm_workers_per_gpu`)",
        retry=Retry.ALONE,
        worker_is_spent=True,
    ),
    FailureClass.GPU_MEMORY: Meaning(
        happened="it needs more memory than its GPU has, with no other worker on it",
        advice="try it again with a smaller `images_scale`, or on a larger GPU",
        retry=Retry.ALONE_ON_GPU,
        worker_is_spent=True,
    ),
    FailureClass.GPU: Meaning(
        happened="an error of CUDA; the worker was replaced",
        advice="see `drained` in the progress and `journalctl --dmesg` on the node; try it again",
        retry=Retry.OWN_WORKER,
        worker_is_spent=True,
        hardware_is_suspected=True,
    ),
    FailureClass.CRASH: Meaning(
        happened="the worker died, with nothing else to blame; or its supervisor or machine did, three times",
        advice="the message has the signal, the log what it said last",
        retry=Retry.OWN_WORKER,
        hardware_is_suspected=True,
    ),
    FailureClass.PIPELINE: Meaning(
        happened="the pipeline reported a failure, or its output is not what was asked for",
        advice="the message says which check it failed",
        retry=Retry.ANY_WORKER,
        # A command does not say that its GPU is gone: it just fails.
        hardware_is_suspected=True,
    ),
    FailureClass.UPLOAD: Meaning(
        happened="S3 refuses its results while it takes others",
        advice="look at the message; the key may be too long",
    ),
}
