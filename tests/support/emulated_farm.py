# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's programs in an environment that leads to an emulated account and nowhere else."""

from __future__ import annotations

import json
import os
import re
import socketserver
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulators.ec2 import Ec2Server
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY
from emulators.sessions import Sessions
from tests.support.ansible_playbook import CHECKED, ansible_playbook
from tests.support.emulated_account import Account, tags
from tests.support.warm_python import warm_python

PROJECT = "test-farm"
SETTINGS = {
    "farm_shards": 2,
    "farm_input_bucket": "test-raw",
    "farm_manifests": "s3://test-work/farm",
    "farm_results": "s3://test-results/farm",
    "farm_scripts": "s3://test-work/scripts",
    # What it costs is asked of nobody but by the tests of that.
    "farm_confirm_cost": True,
}


class Recorder(socketserver.ThreadingTCPServer):
    """A proxy that lets nothing through and keeps what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        recorder = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                recorder.asked.append(self.rfile.readline().decode("latin-1").strip())

        super().__init__(("127.0.0.1", 0), Handler)


@dataclass(frozen=True)
class Run:
    """What a playbook did.

    Attributes:
        changes: the actions of requests that changed the account.
        calls: what it asked of AWS, as ``ec2:RunInstances``.
        arguments: the command lines of all processes that were seen meanwhile, where they were looked at.
    """

    status: int
    output: str
    changes: list[str]
    arguments: str
    calls: frozenset[str] = frozenset()

    def changed_tasks(self) -> int:
        """Return the number of changed tasks in the recap."""
        (found,) = re.findall(r"^localhost\s+: ok=\d+\s+changed=(\d+)", self.output, re.MULTILINE)
        return int(found)


class EmulatedFarm:
    """Runs playbooks in an environment that leads to the emulated account and nowhere else.

    Its nodes are reached through :attr:`sessions`; what they run is run by this machine.
    """

    def __init__(self, repository: Path, folder: Path, server: Ec2Server, recorder: Recorder) -> None:
        self.account = Account(server)
        self.recorder = recorder
        self.temporary = folder / "tmp"
        self.log = folder / "ansible.log"
        self._repository = repository
        self._is_checked = False
        self._settings = folder / "settings.json"
        self._settings.write_text(json.dumps(SETTINGS))
        # After inventory/local.yml, and so in place of what that says of it.
        self._controller = folder / "controller.json"
        self._controller.write_text(
            json.dumps({"all": {"hosts": {"localhost": {"ansible_python_interpreter": warm_python()}}}})
        )
        self.temporary.mkdir()
        self.sessions = Sessions(folder / "sessions")
        key = folder / ".ssh" / "id_ed25519.pub"
        key.parent.mkdir()
        key.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 test\n")
        proxy = f"http://127.0.0.1:{recorder.server_address[1]}"
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}:{self.sessions.programs}:{os.defpath}",
            "HOME": str(folder),
            "TMPDIR": str(self.temporary),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(repository / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOG_PATH": str(self.log),
            "ANSIBLE_LOCAL_TEMP": str(self.temporary),
            "AWS_ENDPOINT_URL": server.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "FARM_PROJECT": PROJECT,
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1"),
        }

    def _command(
        self, command: list[str], environment: dict[str, str], typed: str = "", *, watched: bool = False
    ) -> tuple[int, str, str]:
        seen: set[str] = set()
        keyboard, terminal = os.openpty()
        # What is watched is the program that users start.
        is_packed = command[0] == "ansible-playbook" and not watched
        program = ansible_playbook() if is_packed else [str(Path(sys.executable).with_name(command[0]))]
        process = subprocess.Popen(
            # Ansible asks only in the foreground of a terminal of its own.
            [
                *(("setsid", "--ctty") if typed else ()),
                *program,
                *command[1:],
            ],
            cwd=self._repository,
            env=self._environment | environment,
            stdin=terminal if typed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ended = threading.Event()

        def look() -> None:
            asked = 0
            while not ended.wait(0.05):
                if watched:
                    seen.update(_command_lines())
                # The second look: what is typed between that and the flush that follows would be lost.
                asked += _asks(terminal)
                if asked == 2:
                    os.write(keyboard, f"{typed}\r".encode())

        watcher = threading.Thread(target=look)
        # To look takes a quarter of the time that a playbook takes.
        if typed or watched:
            watcher.start()
        output, _errors = process.communicate()
        ended.set()
        if typed or watched:
            watcher.join()
        os.close(keyboard)
        os.close(terminal)
        return process.returncode, output, "\n".join(seen)

    def launch(self, state: str = "running", **values: str) -> None:
        """Have an instance with these tags, as nobody's playbook made it."""
        specification = {
            "ResourceType": "instance",
            "Tags": [{"Key": key, "Value": value} for key, value in values.items()],
        }
        ec2 = self.account.ec2
        subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}])["Subnets"][0]
        launched = ec2.run_instances(
            ImageId="ami-12c6146b",
            InstanceType="g5.12xlarge",
            MinCount=1,
            MaxCount=1,
            SubnetId=subnet["SubnetId"],
            TagSpecifications=[specification],
        )["Instances"]
        if state == "stopped":
            ec2.stop_instances(InstanceIds=[each["InstanceId"] for each in launched])

    def instance_id(self, name: str) -> str:
        """Return the id of the running instance of this name."""
        (found,) = (each["InstanceId"] for each in self.account.instances() if tags(each).get("Name") == name)
        return str(found)

    def play(self, playbook: str, *options: str, typed: str = "", watched: bool = False, **environment: str) -> Run:
        """Run a playbook to its end; ``typed`` answers the first question, ``watched`` looks at command lines."""
        before, asked = len(self.account.changes()), len(self.account.calls())
        inventories = ["--inventory=inventory/local.yml", "--inventory=inventory/aws_ec2.yml"]
        if not watched:
            inventories.append(f"--inventory={self._controller}")
        command = ["ansible-playbook", f"playbooks/{playbook}.yml", *inventories, "-e", f"@{self._settings}", *options]
        is_plain = not (options or environment or typed or watched)
        if is_plain and self._is_checked:
            command.append(CHECKED)
        status, output, arguments = self._command(command, environment, typed, watched=watched)
        self._is_checked = self._is_checked or (is_plain and status == 0)
        changes = [change["Action"] for change in self.account.changes()[before:] if "Action" in change]
        return Run(status, output, changes, arguments, frozenset(self.account.calls()[asked:]))

    def command(self, *command: str, **environment: str) -> Run:
        """Run one of Ansible's programs with the inventory."""
        inventories = ("--inventory=inventory/local.yml", "--inventory=inventory/aws_ec2.yml")
        status, output, arguments = self._command([command[0], *inventories, *command[1:]], environment)
        return Run(status, output, [], arguments)


def _asks(terminal: int) -> bool:
    """Return whether somebody reads the keys one by one, as Ansible does for a question."""
    return not termios.tcgetattr(terminal)[3] & termios.ICANON


def _command_lines() -> set[str]:
    lines = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            # The process has ended meanwhile.
            continue
    return lines


@contextmanager
def emulated_farm(repository: Path, folder: Path) -> Iterator[EmulatedFarm]:
    """Have a farm in an empty account while the context lasts; what tries to leave it is recorded."""
    with Recorder() as recorder, Ec2Server(folder / "ec2") as server:
        thread = threading.Thread(target=recorder.serve_forever)
        thread.start()
        try:
            farm = EmulatedFarm(repository, folder, server, recorder)
            # The documents are somebody's, and never created.
            s3 = farm.account.client("s3")
            s3.create_bucket(Bucket=SETTINGS["farm_input_bucket"])
            s3.put_object(Bucket=SETTINGS["farm_input_bucket"], Key="a.pdf", Body=b"%PDF-1.7")
            yield farm
        finally:
            recorder.shutdown()
            thread.join()
