#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_plan
short_description: Tell how long the shards will take and what their nodes will cost
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the summary of M(glossapi.farm.shard_manifest) and the progress of M(glossapi.farm.shard_run) from S3, a few
    small objects however large the farm is. No node needs to be reachable.
  - Hours rest on the rate that the supervisors measured, and on O(seconds_per_page) while nothing was measured.
  - Nodes are of one type, and all are paid until the last shard is finished.
  - Stage V(ocr) has the pages of its cut, where stage V(text) had read everything before it was made. Else it has those
    of the documents that were handed on, which takes a request for each of them, and the share O(ocr_share) of what is
    not read yet.
  - Stage V(math) has formulas in the place of pages. These are those of its cut likewise, or those that were found, and
    O(formulas_per_page) on each page that is not read yet and is not taken for one of stage V(ocr).
options:
  stages:
    description:
      - Stages to plan, which the same nodes go through one after the other.
    type: list
    elements: str
    choices: [text, ocr, math]
    default: [text]
    version_added: "1.1.0"
  ocr_manifests:
    description: Prefix that has the manifests of stage V(ocr). Required with that stage.
    type: str
    version_added: "1.1.0"
  ocr_share:
    description:
      - Share of the pages that stage V(ocr) is assumed to have to recognise, of those that stage V(text) has not read
        yet, between 0 and 1. Required with that stage.
    type: float
    version_added: "1.1.0"
  ocr_seconds_per_page:
    description:
      - The same as O(seconds_per_page) for a page that is recognised. Required with stage V(ocr).
    type: float
    version_added: "1.1.0"
  math_manifests:
    description: Prefix that has the manifests of stage V(math). Required with that stage.
    type: str
    version_added: "1.1.0"
  formulas_per_page:
    description:
      - How many formulas stage V(math) is assumed to have to read for each page that stage V(text) has not read yet.
        Required with that stage.
    type: float
    version_added: "1.1.0"
  seconds_per_formula:
    description:
      - The same as O(seconds_per_page) for a formula. Required with stage V(math).
    type: float
    version_added: "1.1.0"
  nodes:
    description:
      - How many nodes there are to be. Required where the documents are cut in pieces
        (O(glossapi.farm.shard_manifest#module:piece_pages)), which they take one after the other; RV(shards) are then
        these nodes, each with an equal part. Not used where each node has a shard.
      - What is left of pieces takes the listing of all markers.
    type: int
    version_added: "1.1.0"
  cut_required:
    description:
      - Whether it is an error that the shards are not cut yet. Else the task is skipped then, and says nothing of it.
    type: bool
    default: true
    version_added: "1.1.0"
  price_per_hour:
    description: Price of one node in USD an hour.
    type: float
    required: true
  seconds_per_page:
    description:
      - Seconds that one of O(slots) takes for a page, with all workers that it has, where no supervisor has measured it
        yet.
    type: float
    required: true
  slots:
    description:
      - GPUs of one node, as O(glossapi.farm.shard_run#module:slots) has them; on a node without any, its workers.
      - How many workers share each is in the seconds for a page.
    type: int
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.farm
attributes:
  check_mode:
    support: full
    details: Without a cut the task is skipped with a warning, as in a real run the cut would come before.
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.shard_manifest
  - module: glossapi.farm.shard_info
"""

EXAMPLES = r"""
- name: Tell what the farm will cost
  glossapi.farm.shard_plan:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    price_per_hour: 5.672
    seconds_per_page: 2
    slots: 4
    stages: [text, ocr]
    ocr_manifests: s3://farm-manifests/openarchives/ocr/shards
    ocr_share: 0.25
    ocr_seconds_per_page: 2
  register: plan

- name: Tell what it will cost with formulas
  glossapi.farm.shard_plan:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    price_per_hour: 5.672
    seconds_per_page: 2
    slots: 4
    stages: [text, math]
    math_manifests: s3://farm-manifests/openarchives/math/shards
    formulas_per_page: 0.5
    seconds_per_formula: 1

- name: Stop where that is too much
  ansible.builtin.assert:
    that: plan.dollars < 2000
"""

RETURN = r"""
stages:
  description:
    - What each stage takes. Of its C(pages), C(assumed_pages) are a guess; C(measured_pages) is 0 where
      C(seconds_per_page) is an assumption. Of stage C(math) each page in this is a formula.
  returned: success
  type: list
  elements: dict
  version_added: "1.1.0"
  sample:
    - stage: ocr
      pages: 250000
      assumed_pages: 250000
      hours: 34.7
      dollars: 787.8
      skew: 1.0
      seconds_per_page: 2.0
      measured_pages: 0
      measured_workers: []
shards:
  description:
    - Of the first of the stages, each shard's pages that are neither done nor failed, and the hours that its node takes
      for them.
  returned: success
  type: list
  elements: dict
  sample:
    - {shard: 1, pages: 250000, hours: 34.7}
pages:
  description: Pages of all shards that are neither done nor failed, of the first of the stages.
  returned: success
  type: int
hours:
  description: Hours until the last shard is finished, of all stages together.
  returned: success
  type: float
dollars:
  description: Price in USD of all nodes that have work, of all stages together, without storage and requests.
  returned: success
  type: float
skew:
  description: >-
    The longest shard's hours over the mean of those that have work, of the first of the stages. 1 is perfect.
  returned: success
  type: float
seconds_per_page:
  description: Seconds of one of O(slots) for a page that the hours of the first of the stages rest on.
  returned: success
  type: float
measured_pages:
  description: Pages over which RV(seconds_per_page) was measured; 0 where it is O(seconds_per_page).
  returned: success
  type: int
measured_workers:
  description: How many workers shared one of O(slots) meanwhile, each number that there was.
  returned: success
  type: list
  elements: int
  version_added: "1.1.0"
report:
  description: The same for people.
  returned: success
  type: str
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import Summary, read_summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import if_exists, read_version
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import look
from ansible_collections.glossapi.farm.plugins.module_utils._status.open_pages import count_open_work
from ansible_collections.glossapi.farm.plugins.module_utils._status.pieces import pieces_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.plan import Plan, Prices, even_plan, make_plan
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import shard_statuses
from ansible_collections.glossapi.farm.plugins.module_utils._status.stages_plan import (
    FarmPlan,
    StagePlan,
    describe_stages,
    plan_open_work,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import (
    Heartbeat,
    find_supervisors,
    read_heartbeats,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "results": {"type": "str", "required": True},
    "summary_name": {"type": "str", "default": SUMMARY_NAME},
    "nodes": {"type": "int"},
    "cut_required": {"type": "bool", "default": True},
    "price_per_hour": {"type": "float", "required": True},
    "seconds_per_page": {"type": "float", "required": True},
    "slots": {"type": "int", "required": True},
    "stages": {"type": "list", "elements": "str", "choices": list(Stage), "default": [Stage.TEXT.value]},
    "ocr_manifests": {"type": "str"},
    "ocr_share": {"type": "float"},
    "ocr_seconds_per_page": {"type": "float"},
    "math_manifests": {"type": "str"},
    "formulas_per_page": {"type": "float"},
    "seconds_per_formula": {"type": "float"},
}
_SKIPPED = {"changed": False, "skipped": True}


class _Options(NamedTuple):
    """The names of a later stage's own options."""

    manifests: str
    share: str
    seconds: str


_LATER = {
    Stage.OCR: _Options("ocr_manifests", "ocr_share", "ocr_seconds_per_page"),
    Stage.MATH: _Options("math_manifests", "formulas_per_page", "seconds_per_formula"),
}


def shard_plan(connection: Connection, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result.

    Raises:
        NotYetError: the shards are not cut yet, and have to be.
        FarmError: an option is missing or out of its range, an address malformed, or S3 could not be read.
    """
    stages = [stage for stage in Stage if stage in parameters["stages"]]
    if not stages:
        raise FarmError(f"stages is []: name what is to be planned, {', '.join(Stage)}.")
    for stage, options in _LATER.items():
        missing = [name for name in options if stage in stages and parameters[name] is None]
        if missing:
            raise FarmError(f"Stage {stage} needs {', '.join(missing)}.")
        if stage in stages and parameters[options.seconds] <= 0:
            raise FarmError(f"{options.seconds} is {parameters[options.seconds]}: it must be above 0.")
    try:
        farm = FarmPlan(tuple(_stage_plans(connection.client(pool_size=READERS), parameters, stages)))
    except NotYetError:
        if parameters["cut_required"]:
            raise
        return _SKIPPED
    first = asdict(farm.stages[0].plan)
    return first | {
        "changed": False,
        "shards": list(first["shards"]),
        "measured_workers": list(first["measured_workers"]),
        "stages": [_stage_values(each) for each in farm.stages],
        "hours": farm.hours,
        "dollars": farm.dollars,
        "report": describe_stages(farm),
    }


def _stage_plans(client: S3Client, parameters: Mapping[str, Any], stages: Sequence[Stage]) -> Iterator[StagePlan]:
    """Yield the plan of each stage.

    Raises:
        NotYetError, FarmError: see :func:`shard_plan`.
    """
    prices = Prices(parameters["price_per_hour"], parameters["seconds_per_page"], parameters["slots"])
    results = S3Uri.parse(parameters["results"])
    summary = read_summary(client, S3Uri.parse(parameters["manifests"]), parameters["summary_name"])
    # Looked at first: nothing is handed on between.
    cuts = {stage: _cut_of(client, parameters, stage) for stage in _LATER if stage in stages}
    said = _heartbeats(client, results, summary, Stage.TEXT)
    pieces = _PiecesReader(client, parameters)
    text = StagePlan(Stage.TEXT, _plan_of_cut(summary, said, prices, pieces, Stage.TEXT), prices)
    if Stage.TEXT in stages:
        yield text
    unread = text.plan.pages if Stage.TEXT in stages else 0
    heard = min((each.age for each in said.values()), default=math.inf)
    for stage, cut in cuts.items():
        options = _LATER[stage]
        own_prices = replace(prices, seconds_per_page=parameters[options.seconds])
        own_said = _heartbeats(client, results, cut.summary if cut else summary, stage)
        if cut and not unread and cut.age <= heard:
            yield StagePlan(stage, _plan_of_cut(cut.summary, own_said, own_prices, pieces, stage), own_prices)
            continue
        known, share = count_open_work(client, results, stage), parameters[options.share]
        shards = pieces.nodes if summary.piece_pages else summary.shard_numbers
        plan = plan_open_work(stage, known, unread, share, shards, _progress(own_said), own_prices)
        yield plan
        if stage is Stage.OCR:
            # What is recognised has no formulas for stage math.
            unread -= plan.assumed_pages


@dataclass(frozen=True)
class _Cut:
    """A cut, and how many seconds ago it was made by S3's clock: what was handed on since is not in it."""

    summary: Summary
    age: float


def _cut_of(client: S3Client, parameters: Mapping[str, Any], stage: Stage) -> _Cut | None:
    uri = S3Uri.parse(parameters[_LATER[stage].manifests]).join(parameters["summary_name"])
    version = if_exists(lambda: read_version(client, uri))
    return None if version is None else _Cut(Summary.from_json(version.body, str(uri)), version.age)


def _heartbeats(client: S3Client, results: S3Uri, cut: Summary, stage: Stage) -> Mapping[int, Heartbeat]:
    numbers = find_supervisors(client, results, stage) if cut.piece_pages else cut.shard_numbers
    readings = read_heartbeats(client, results, numbers, stage)
    for problem in readings.problems:
        warn(problem)
    return readings.by_shard


def _progress(said: Mapping[int, Heartbeat]) -> Mapping[int, Progress]:
    return {shard: each.progress for shard, each in said.items()}


class _PiecesReader:
    """What is left of cuts of pieces, and who is to do it."""

    def __init__(self, client: S3Client, parameters: Mapping[str, Any]) -> None:
        self._client = client
        self._parameters = parameters

    @property
    def nodes(self) -> Sequence[int]:
        """The numbers of the nodes; raises :class:`FarmError` where there is none."""
        nodes = self._parameters["nodes"]
        if nodes is None or nodes < 1:
            raise FarmError(f"nodes is {nodes}: the documents are cut in pieces, so say how many nodes take them.")
        return range(1, nodes + 1)

    def pages_left(self, stage: Stage) -> int:
        """Return how many pages wait for the stage, or formulas."""
        later = _LATER.get(stage)
        manifests = S3Uri.parse(self._parameters[later.manifests if later else "manifests"])
        results, name = S3Uri.parse(self._parameters["results"]), self._parameters["summary_name"]
        found = look(self._client, manifests, results, name, stage, verify_outputs=False)
        statuses = shard_statuses(found.summary.shard_numbers, found.account, {})
        return round(pieces_of(found.summary.shards, statuses, stage).pages_left)


def _plan_of_cut(
    cut: Summary, said: Mapping[int, Heartbeat], prices: Prices, pieces: _PiecesReader, stage: Stage
) -> Plan:
    if cut.piece_pages:
        return even_plan(pieces.pages_left(stage), pieces.nodes, _progress(said), prices)
    pages = {shard.shard: shard.pages for shard in cut.shards}
    documents = {shard.shard: shard.documents for shard in cut.shards}
    return make_plan(pages, documents, _progress(said), prices)


def _stage_values(each: StagePlan) -> dict[str, Any]:
    values = asdict(each.plan)
    del values["shards"]
    values["measured_workers"] = list(values["measured_workers"])
    return values | {"stage": each.stage.value, "assumed_pages": each.assumed_pages}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(
        module,
        lambda: shard_plan(connection_from(module), module.params),
        if_not_yet=_SKIPPED,
    )


if __name__ == "__main__":
    main()
