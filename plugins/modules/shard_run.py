#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_run
short_description: Process the documents of one shard
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Starts, waits for, or stops the supervisor that processes one shard of M(glossapi.farm.shard_manifest) on this host.
  - Each document ends with a marker, done or failed, below C(<results>/status/). A supervisor takes up where the
    markers say that the last one stopped, whichever host that was on.
  - Results are C(<results>/shard-<n>/markdown/<key>.md) and C(<results>/shard-<n>/json/<key>.json).
  - The supervisor goes on when the module has ended. Its log is C(<workdir>/logs/shard_<n>.log), or
    C(shard_<n>.<stage>.log) where its pipeline is not one of stage V(text), and rotates.
  - Where C(glossapi-shard@.service) is installed, by the role shard_worker, the supervisor is that service. It is
    enabled while its shard has pending documents, and so resumes after a reboot. Elsewhere it is a detached process.
options:
  results:
    description: Prefix that takes results, markers and progress, as C(s3://bucket/prefix).
    type: str
    required: true
  workdir:
    description: Absolute path of a folder on a large, fast disk, for state, logs and documents in work.
    type: path
    required: true
  state:
    description:
      - V(started) starts the supervisor where documents are pending, and returns when it works.
      - V(finished) does the same and waits until no document is pending.
      - V(stopped) asks it to stop and waits. Documents in work have O(grace_seconds) to end; the others stay pending.
        A service is also kept from the next boot.
    type: str
    choices: [started, finished, stopped]
    default: started
  node:
    description: Name of this host in markers and progress. By default its host name.
    type: str
  wait_timeout:
    description: Seconds to wait for V(finished) at most. The supervisor goes on after that.
    type: int
    default: 1209600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.pipelines
  - glossapi.farm.shard
  - glossapi.farm.worker
attributes:
  check_mode:
    support: full
    details: Without the shard's manifest it reports a change and a warning, as in a real run the cut comes before.
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - While a supervisor runs, other options than it was started with are an error. Stop it first.
  - Credentials given as options reach the supervisor through its environment, and are in no file, log or argument.
    A service would lose them in a reboot and is not started with them. It uses the instance's profile.
  - Needs Linux and Python 3.11 on the host.
"""

EXAMPLES = r"""
- name: Start a shard
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    pipeline: glossapi
    slots: ["0", "1", "2", "3"]

- name: Run a command for each document and wait for the end
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    state: finished
    pipeline: command
    pipeline_options:
      command: python /opt/run_resume_pipeline.py --input {uri} --workdir {workdir} --output-s3 {output} --math --ocr

- name: Give documents that timed out three times the time
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    retry: [timeout]
    timeout_factor: 3

- name: Stop a shard
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    state: stopped
"""

RETURN = r"""
running:
  description: Whether a supervisor works on the shard now.
  returned: success
  type: bool
pending:
  description:
    - Documents that were to be done before the module did anything, O(retry) and O(redo_stale) included.
    - Not counted for O(state=stopped).
  returned: success and O(state) is not V(stopped)
  type: int
retried:
  description: Failed documents among them.
  returned: success and O(state) is not V(stopped)
  type: int
stale:
  description: Documents among them whose markers are stale. Looked for with O(redo_stale) only.
  returned: success and O(state) is not V(stopped)
  type: int
progress:
  description:
    - The supervisor's last account of itself on this host.
    - Its state is C(running), C(stopped), C(finished), C(failed), or C(broken) after too many documents failed with the
      same class, which is in C(failure_class); see O(max_failure_share).
    - Null where there never was one, and where another version of this collection wrote it.
  returned: success
  type: dict
  sample:
    {shard: 1, node: OpenArchive-Shard-1, state: finished, documents: 250, pages: 30112, done: 247, pages_done: 30020,
     failed: 3, pending: 0, pages_per_second: 11.2, pipeline: pdftext, failures: {needs_ocr: 3}, slots: {"0": ""},
     failure_class: null, effort: {seconds: 600.0, pages: 30020}, queued_pages: 0, lent: 0, helping: [], helped: 0,
     pages_helped: 0,
     started_at: 1764000000.0, updated_at: 1764000600.0, message: "",
     machine: {sampled_at: 1764000590.0, disk_bytes: 3800000000000, disk_free_bytes: 3500000000000,
               gpus: [{index: 0, utilization: 97.0, memory_used: 18211.0, memory_total: 23028.0, temperature: 61.0}]}}
"""

from dataclasses import asdict
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import config_from, worker_arguments
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.tuned import config_as_tuned
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

ARGUMENTS: dict[str, dict[str, Any]] = worker_arguments() | {
    "state": {"type": "str", "choices": ["started", "finished", "stopped"], "default": "started"},
    "node": {"type": "str"},
    "wait_timeout": {"type": "int", "default": 1209600},
}


def stop(control: ShardControl, *, check_mode: bool) -> dict[str, Any]:
    """Stop the supervisor."""
    changed = control.has_to_stop() if check_mode else control.stop()
    return {"changed": changed}


def start(control: ShardControl, *, check_mode: bool, wait_seconds: float | None) -> dict[str, Any]:
    """Start the supervisor where there is work, and wait for its end unless ``wait_seconds`` is ``None``."""
    selection = control.select()
    pending = selection.pending
    # With nothing to do here, a supervisor of another stage may go on.
    if pending or wait_seconds is not None:
        control.require_same_options()
    running = control.is_running()
    changed = pending > 0 and (wait_seconds is not None or not running)
    if not check_mode:
        if pending and not running:
            changed = control.start() or wait_seconds is not None
        if wait_seconds is not None and (pending or running):
            control.wait(wait_seconds)
    return {"changed": changed, "pending": pending, "retried": selection.retried, "stale": selection.stale}


def run(parameters: dict[str, Any], connection: Connection, *, check_mode: bool) -> dict[str, Any]:
    """Bring the shard into the state asked for, and return the module's result."""
    if parameters["wait_timeout"] < 0:
        raise FarmError(f"wait_timeout is {parameters['wait_timeout']}: it must be at least 0.")
    if parameters["state"] == "stopped":
        control = ShardControl(config_from(parameters, connection), connection)
        result = stop(control, check_mode=check_mode)
    else:
        control = ShardControl(config_as_tuned(parameters, connection, warn), connection)
        wait_seconds = parameters["wait_timeout"] if parameters["state"] == "finished" else None
        result = start(control, check_mode=check_mode, wait_seconds=wait_seconds)
    progress = control.progress()
    return {**result, "running": control.is_running(), "progress": asdict(progress) if progress else None}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: run(module.params, connection_from(module), check_mode=module.check_mode))


if __name__ == "__main__":
    main()
