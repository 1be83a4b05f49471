# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One booted node: its root, its disks, its processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from emulators.nodes import disks, roots
from emulators.nodes.bridge import remove_link
from emulators.nodes.cgroups import Cgroup
from emulators.nodes.image import Image
from emulators.nodes.keeper import Boot

# systemd-nspawn keeps a folder and a lock for each running machine here.
_NSPAWN = Path("/run/systemd/nspawn")
# For a node that hangs: one of twenty that boot at once on two cores takes minutes.
_BOOT_SECONDS = 900
_CONSOLE_LINES = 30
_STORE_MODEL = "Amazon_EC2_NVMe_Instance_Storage"
_ROOT_MODEL = "Amazon_Elastic_Block_Store"


@dataclass(frozen=True)
class NodeOptions:
    """What a scenario asks of a node.

    Attributes:
        name: its host name and its name in the inventory.
        instance_stores: how many empty instance-store disks it has.
        instance_store_gib: the size of each in GiB; only what is written takes space.
        root_disk: whether its root is a partition on a disk of its own, half as large as that disk.
    """

    name: str
    instance_stores: int = 1
    instance_store_gib: float = 4.0
    root_disk: bool = False


class Node:
    """A node of one fleet.

    Args:
        options: what the scenario asked for.
        folder: takes all that the node writes.
        machine: its name among all nodes of this machine, at most 11 characters (the kernel's limit for interfaces).
        bridge: the bridge it is on.
        address: its IPv4 address there.
    """

    def __init__(self, options: NodeOptions, folder: Path, machine: str, bridge: str, address: str) -> None:
        self.options = options
        self.address = address
        self._folder = folder
        self._machine = machine
        self._bridge = bridge
        self._cgroup = Cgroup(machine)

    def install(self, image: Image, authorized_key: str, *, root: bool = True, stores: bool = True) -> None:
        """Give the node, which must be stopped, a fresh root or empty instance stores or both."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if root:
            for each in ("changes", "work"):
                shutil.rmtree(self._folder / each, ignore_errors=True)
            if self.options.root_disk:
                roots.copy_root_disk(image.disk, self._folder)
            self._write("authorized_key", authorized_key)
            self._write("machine-id", uuid.uuid4().hex)
        if stores:
            for number in range(self.options.instance_stores):
                disks.make(self._folder / f"instance_store_{number}.disk", self.options.instance_store_gib)

    def start(self, image: Image) -> None:
        """Boot the node; it goes on by itself, through reboots, until it is stopped or powers off."""
        identities = []
        for number in range(self.options.instance_stores):
            device = disks.attach(self._folder / f"instance_store_{number}.disk")
            identities.append((device, _STORE_MODEL, f"AWS{uuid.uuid4().hex[:17].upper()}"))
        devices = [device for device, _, _ in identities]
        root_device = ""
        if self.options.root_disk:
            device = disks.attach(roots.root_disk(self._folder), partitioned=True)
            identities.append((device, _ROOT_MODEL, f"vol{uuid.uuid4().hex[:17]}"))
            devices += [device, roots.partition(device)]
            root_device = str(device)
        boot = Boot(
            machine=self._machine,
            folder=str(self._folder),
            layers=[str(layer) for layer in image.layers],
            device=root_device,
            files=self._files([f"{device.name} {model} {serial}" for device, model, serial in identities]),
            command=self._command(self._folder / "root", devices),
        )
        self._cgroup.create()
        self._spawn_keeper(boot)

    def wait(self) -> None:
        """Wait until the node's sshd answers.

        Raises:
            RuntimeError: it did not within 15 minutes, or ended; the message has the console's last lines.
        """
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((self.address, 22), timeout=1) as connection:
                    if connection.recv(4) == b"SSH-":
                        return
            except OSError:
                if not self._cgroup.processes():
                    break
            time.sleep(0.1)
        console = (self._folder / "console.log").read_text(errors="replace").splitlines()[-_CONSOLE_LINES:]
        raise RuntimeError("\n".join([f"{self.options.name} did not boot:", *console]))

    def stop(self) -> None:
        """Cut the node's power: end its processes, detach its disks."""
        self._cgroup.kill()
        self._tidy_after_nspawn()
        disks.detach_all(self._folder)
        self._cgroup.remove()

    def _tidy_after_nspawn(self) -> None:
        """Remove what systemd-nspawn leaves when it is ended before it can: a folder and a lock named by the root."""
        remove_link(f"vb-{self._machine}")
        with contextlib.suppress(FileNotFoundError):
            (_NSPAWN / "propagate" / self._machine).rmdir()
            (_NSPAWN / "locks" / (self._folder / "lock").read_text()).unlink()

    def _files(self, identities: list[str]) -> dict[str, str]:
        return {
            "etc/hostname": self.options.name,
            "etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {self.options.name}",
            "etc/machine-id": (self._folder / "machine-id").read_text(),
            "etc/emulated-node/address": f"{self.address}/24",
            "etc/emulated-node/disks": "\n".join(identities),
            "home/ec2-user/.ssh/authorized_keys": (self._folder / "authorized_key").read_text(),
        }

    def _command(self, root: Path, devices: list[Path]) -> list[str]:
        return [
            "systemd-nspawn",
            "--quiet",
            f"--directory={root}",
            f"--machine={self._machine}",
            f"--hostname={self.options.name}",
            "--register=no",
            "--keep-unit",
            "--kill-signal=SIGRTMIN+3",
            f"--network-bridge={self._bridge}",
            "--link-journal=no",
            "--resolv-conf=off",
            "--timezone=off",
            "--console=pipe",
            *(f"--bind={device}" for device in devices),
            "/usr/lib/emulated-node/init",
        ]

    def _spawn_keeper(self, boot: Boot) -> None:
        command = ["unshare", "--mount", sys.executable, "-m", "emulators.nodes.keeper"]
        with (self._folder / "console.log").open("ab") as console:
            keeper = subprocess.Popen(
                command,
                cwd=Path(__file__).parents[2],
                stdin=subprocess.PIPE,
                stdout=console,
                stderr=console,
                env={
                    "PATH": os.environ["PATH"],
                    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
                    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1",
                },
                start_new_session=True,
            )
        # It starts the node once it has its command: by then all it starts is in the group.
        self._cgroup.add(keeper.pid)
        with cast("IO[bytes]", keeper.stdin) as commands:
            commands.write(boot.to_json())

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)
