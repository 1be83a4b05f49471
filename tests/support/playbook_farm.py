# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm of emulated nodes on this machine, worked with by its playbooks as an operator does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import kill_owned, owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.job import CutJob, cut_shards
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import latest_states
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    marker_uri,
    shards_folder,
    status_folder,
    table_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import read_progress
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY
from tests.support.ansible_playbook import CHECKED, ansible_playbook
from tests.support.warm_python import warm_python

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PREAMBLE = """
import os, pathlib, sys, time
uri, source, work = sys.argv[1:]
name = pathlib.PurePath(uri).stem
# The folder of the node: <home>/work/documents/shard_<n>/<document>/work
home = pathlib.Path(work).parents[4]
"""
_WRITE = "pathlib.Path(work, 'out.md').write_text('text of ' + uri)\n"
# Nobody listens there.
_NOWHERE = {"ansible_connection": "ssh", "ansible_port": 9, "ansible_ssh_common_args": ""}


@dataclass(frozen=True)
class Played:
    """What a playbook did.

    Attributes:
        changed: changed tasks of each host.
    """

    status: int
    output: str
    changed: dict[str, int]


class PlaybookFarm:
    """Emulated nodes ``node-1`` and so on, each with its shard, on a local S3.

    Args:
        client: of the S3.
        bucket: empty; takes everything.
        repository: the checkout.
        folder: takes the nodes' disks.
        nodes: how many.

    Attributes:
        settings: the operator's.
        variables: of the environment, beside the usual ones.
    """

    def __init__(self, client: S3Client, bucket: S3Uri, repository: Path, folder: Path, nodes: int) -> None:
        self.client = client
        self.bucket = bucket
        self.results = bucket.join("results")
        self.shards = range(1, nodes + 1)
        self._repository = repository
        self._folder = folder
        self._lost: set[int] = set()
        for shard in self.shards:
            self.home(shard).mkdir()
        self.variables: dict[str, str] = {}
        self._checked = ""
        self.settings: dict[str, Any] = {
            "farm_shards": nodes,
            "farm_manifests": str(bucket.join("manifests")),
            "farm_results": str(self.results),
            "farm_slots": ["0"],
            "farm_pipeline": "command",
            "farm_node_python": warm_python(),
            "farm_interruption_notices": False,
            "farm_silent_after": 30,
            "farm_poll_interval": 1,
            "farm_report_page": str(folder / "report.html"),
        }

    def home(self, shard: int) -> Path:
        """Return what stands for the node's disk."""
        return self._folder / f"node-{shard}"

    def layout(self, shard: int) -> Layout:
        """Return where the node's supervisor has its files."""
        return Layout(self.home(shard) / "work", shard)

    def use_script(self, before: str = "") -> None:
        """Process documents by a script that knows ``uri``, ``name``, ``work`` and the node's ``home``."""
        script = self._folder / "script.py"
        script.write_text(_PREAMBLE + textwrap.dedent(before) + _WRITE)
        command = [sys.executable, "-I", str(script), "{uri}", "{input}", "{workdir}"]
        self.settings["farm_pipeline_options"] = {"command": command}

    def count(self, pages: Mapping[str, int]) -> None:
        """Upload a document for each key, and write the table that counting its pages would have written."""
        rows = ["uri,bytes,etag,pages,error"]
        for key, number in sorted(pages.items()):
            body = f"document {key}".encode()
            etag = put_bytes(self.client, self.bucket.join(key), body, "application/pdf")
            rows.append(f"{self.bucket.join(key)},{len(body)},{etag},{number},")
        table = table_uri(self.bucket.join("manifests"))
        put_bytes(self.client, table, "\n".join(rows).encode() + b"\n", "text/csv")

    def cut(self) -> list[str]:
        """Cut the table for the nodes as shard.yml does, which takes seconds; return the objects that changed."""
        manifests = self.bucket.join("manifests")
        connection = Connection(
            region=REGION,
            endpoint_url=self.client.meta.endpoint_url,
            access_key=ACCESS_KEY,
            secret_key=SECRET_KEY,
        )
        options = CutOptions((1.0,) * int(self.settings["farm_shards"]))
        job = CutJob(str(table_uri(manifests)), shards_folder(manifests), options)
        return list(cut_shards(connection, job, write=True)[1].files)

    def lose(self, shard: int) -> None:
        """Kill all that works for the shard, and let its node be out of reach."""
        layout = self.layout(shard)
        os.kill(int(layout.lock.read_text()), signal.SIGKILL)
        kill_owned(owner_name(layout.workdir, shard))
        self.hide(shard)

    def hide(self, *shards: int) -> None:
        """Let the nodes of these shards be out of reach."""
        self._lost.update(shards)

    def play(self, playbook: str, *options: str) -> Played:
        """Run a playbook to its end."""
        inventory = self._folder / "hosts.json"
        inventory.write_text(json.dumps(self._inventory()))
        settings = self._folder / "settings.json"
        given = json.dumps(self.settings)
        settings.write_text(given)
        # What an earlier playbook has checked already: the check is half of what a short playbook takes.
        is_checked = given == self._checked
        finished = subprocess.run(
            [
                *ansible_playbook(),
                f"playbooks/{playbook}.yml",
                "--inventory=inventory/local.yml",
                f"--inventory={inventory}",
                f"--extra-vars=@{settings}",
                *([CHECKED] if is_checked else []),
                *options,
            ],
            cwd=self._repository,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode == 0:
            self._checked = given
        output = finished.stdout + finished.stderr
        recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", output, re.MULTILINE)
        changed = {host: int(count) for host, count in recap}
        if is_checked:
            # Where the check is all that it would do, Ansible does not name it.
            changed.setdefault("localhost", 0)
        return Played(finished.returncode, output, changed)

    def _inventory(self) -> dict[str, Any]:
        hosts: dict[str, Any] = {}
        python = warm_python()
        for shard in self.shards:
            hosts[f"node-{shard}"] = {
                "ansible_connection": "local",
                "ansible_host": "127.0.0.1",
                "ansible_python_interpreter": python,
                "farm_shard": shard,
                "farm_workdir": str(self.home(shard) / "work"),
                **(_NOWHERE if shard in self._lost else {}),
            }
        # After inventory/local.yml, and so in place of what that says of it.
        controller = {"localhost": {"ansible_python_interpreter": python}}
        nodes = {"emulated_nodes": {"children": {"farm_nodes": {"hosts": hosts}}}}
        return {"all": {"hosts": controller}, **nodes}

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(self._repository / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCAL_TEMP": str(self._folder / "ansible"),
            "AWS_ENDPOINT_URL": self.client.meta.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            **self.variables,
        }

    def states(self) -> dict[str, DocumentState]:
        """Return how each document ended, by key."""
        prefix = status_folder(self.results)
        return latest_states(list_objects(self.client, prefix), prefix)

    def marker(self, key: str) -> Marker:
        """Return the marker of a document that ended."""
        uri = marker_uri(self.results, key, self.states()[key])
        return Marker.from_json(read_bytes(self.client, uri), str(uri))

    def manifest(self, shard: int) -> list[Document]:
        """Return what the shard lists now."""
        return read_manifest(self.client, self.bucket.join("manifests", "shards"), shard)

    def progress(self) -> dict[int, Progress]:
        """Return what the supervisors last said."""
        return read_progress(self.client, self.results, self.shards).by_shard

    def running(self) -> list[int]:
        """Return the shards for which a process of this machine works."""
        return [shard for shard in self.shards if owned_by(owner_name(self.layout(shard).workdir, shard))]

    def end(self, shards: Iterable[int]) -> None:
        """Kill what still works for these shards."""
        for shard in shards:
            lock = self.layout(shard).lock
            if shard in self.running() and lock.exists():
                os.kill(int(lock.read_text()), signal.SIGKILL)
            kill_owned(owner_name(self.layout(shard).workdir, shard))
