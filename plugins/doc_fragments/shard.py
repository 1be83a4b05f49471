# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the shard that a module works on, and of its workers."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a shard and say how its documents are worked on."""

    DOCUMENTATION = r"""
options:
  shard:
    description: Number of the shard, from 1.
    type: int
    required: true
  manifests:
    description: Prefix that has C(shard_<n>.csv), as C(s3://bucket/prefix).
    type: str
    required: true
  slots:
    description:
      - The GPUs to work on, each by its workers' E(CUDA_VISIBLE_DEVICES). On a machine without GPUs there is a worker
        for each value.
      - O(workers_per_gpu) says how many workers share one. A slot is what each of them works in, V(0) where it has
        GPU 0 to itself, V(0:1) and V(0:2) where there are two.
    type: list
    elements: str
    default: ["0"]
  workers_per_gpu:
    description:
      - How many workers share each of O(slots), each with its share of CPUs and memory, up to 32.
      - V(0) leaves it to the pipeline, 2 for V(glossapi), V(glossapi_rapidocr) and V(glossapi_math) on GPUs, 12
        for V(server), and else 1.
      - V(auto) takes what C(playbooks/tune.yml) has found to be best for this stage and these options on such a
        machine. Where it has found nothing, or that is of other options, it is as V(0), with a warning that says why.
      - A pipeline that runs on CPUs has one worker in any case, and so has one that fills a GPU by itself.
    type: raw
    default: 0
    version_added: "1.1.0"
  timeout_base:
    description: Seconds that each document may take.
    type: float
    default: 300
  timeout_per_page:
    description: Seconds that it may take on top for each page.
    type: float
    default: 30
  requester_pays:
    description:
      - Whether to accept that requests for documents, and their bytes, are on this account's bill. A requester-pays
        bucket denies access without it.
    type: bool
    default: false
    version_added: "1.1.0"
  ocr_follows:
    description:
      - Whether stage C(ocr) goes on with documents whose text layer is no text. Without it they fail as C(needs_ocr).
      - The pipelines of stage C(ocr), which are the OCR backends, take no notice of it.
    type: bool
    default: false
    version_added: "1.1.0"
  math_follows:
    description:
      - Whether stage C(math) goes on with documents of pipeline V(glossapi) that are done and have formulas.
    type: bool
    default: false
    version_added: "1.1.0"
"""
