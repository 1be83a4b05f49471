# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of one scenario: boot them together, replace one, remove all that they left."""

from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from emulators.nodes.bridge import Bridge, address
from emulators.nodes.commands import run
from emulators.nodes.host import raise_limits
from emulators.nodes.image import Image, cache_folder, have_image
from emulators.nodes.node import Node, NodeOptions

USER = "ec2-user"


@dataclass(frozen=True)
class Login:
    """How ssh reaches a node; the names are those of molecule's instance configuration."""

    instance: str
    address: str
    user: str
    port: int
    identity_file: str


class Fleet:
    """A set of nodes that is known by its checkout and its name, whoever asks.

    Args:
        checkout: the folder of the project; two checkouts on one machine do not share nodes.
        name: for example the scenario's.
    """

    def __init__(self, checkout: Path, name: str) -> None:
        self._folder = _fleets(checkout) / name
        self._mark = "f" + hashlib.sha256(str(self._folder).encode()).hexdigest()[:7]
        self._bridge = Bridge(self._mark)

    def up(self, nodes: list[NodeOptions]) -> list[Login]:
        """Boot ``nodes``, in place of what this fleet had, and return how to reach them.

        Raises:
            RuntimeError: a node could not be made or did not boot; what was made by then is removed.
        """
        self.down()
        raise_limits()
        image = have_image()
        self._folder.mkdir(parents=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self._key)
        self._state.write_text(json.dumps({"subnet": "", "nodes": [asdict(options) for options in nodes]}))
        try:
            subnet = self._bridge.create(cache_folder() / "subnets.lock")
            self._state.write_text(json.dumps({"subnet": subnet, "nodes": [asdict(options) for options in nodes]}))
            booted = self._nodes()
            with ThreadPoolExecutor() as pool:
                list(pool.map(lambda node: self._boot(node, image), booted))
        except BaseException:
            self.down()
            raise
        return [Login(node.options.name, node.address, USER, 22, str(self._key)) for node in booted]

    def restart(self, name: str, *, fresh_root: bool, fresh_stores: bool) -> None:
        """Cut the power of one node and boot it again, as a new machine where its root and stores are fresh.

        Raises:
            KeyError: this fleet has no such node.
            RuntimeError: it did not boot.
        """
        node = self._node(name)
        node.stop()
        image = have_image()
        node.install(image, self._public_key(), root=fresh_root, stores=fresh_stores)
        node.start(image)
        node.wait()

    def off(self, name: str) -> None:
        """Cut the power of one node.

        Raises:
            KeyError: this fleet has no such node.
        """
        self._node(name).stop()

    def down(self) -> None:
        """Remove the nodes and everything they left on this machine; what is gone already is no error."""
        if self._state.exists():
            for node in self._nodes():
                node.stop()
        self._bridge.remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _boot(self, node: Node, image: Image) -> None:
        node.install(image, self._public_key())
        node.start(image)
        node.wait()

    def _node(self, name: str) -> Node:
        return {node.options.name: node for node in self._nodes()}[name]

    def _nodes(self) -> list[Node]:
        state = json.loads(self._state.read_text())
        return [
            Node(
                NodeOptions(**options),
                self._folder / options["name"],
                f"{self._mark}-{position}",
                self._bridge.name,
                address(state["subnet"], position),
            )
            for position, options in enumerate(state["nodes"])
        ]

    @property
    def _state(self) -> Path:
        return self._folder / "fleet.json"

    @property
    def _key(self) -> Path:
        return self._folder / "ssh_key"

    def _public_key(self) -> str:
        return self._key.with_suffix(".pub").read_text()


def remove_all(checkout: Path) -> list[str]:
    """Remove every fleet of a checkout and return their names."""
    folder = _fleets(checkout)
    names = sorted(each.name for each in folder.iterdir()) if folder.exists() else []
    for name in names:
        Fleet(checkout, name).down()
    return names


def _fleets(checkout: Path) -> Path:
    return cache_folder() / "fleets" / hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:8]
