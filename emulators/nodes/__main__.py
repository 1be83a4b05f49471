# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m emulators.nodes``: what the molecule scenarios call."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from emulators.nodes.fleet import Fleet, remove_all
from emulators.nodes.image import have_image
from emulators.nodes.node import NodeOptions

_CHECKOUT = Path(__file__).parents[2]


def main() -> None:
    """Run one command; see ``--help``."""
    parser = argparse.ArgumentParser(prog="python -m emulators.nodes", description="Booted test nodes.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("image", help="build the image where the recipe changed")
    commands.add_parser("clean", help="remove all nodes of this checkout")
    up = commands.add_parser("up", help="boot a fleet and print, as JSON, how to reach its nodes")
    up.add_argument("fleet")
    up.add_argument("nodes", help="JSON: a list of objects with name and the other options of a node")
    down = commands.add_parser("down", help="remove a fleet")
    down.add_argument("fleet")
    off = commands.add_parser("off", help="cut a node's power")
    off.add_argument("fleet")
    off.add_argument("node")
    restart = commands.add_parser("restart", help="cut a node's power and boot it again")
    restart.add_argument("fleet")
    restart.add_argument("node")
    restart.add_argument("--fresh-root", action="store_true", help="as a new machine")
    restart.add_argument("--fresh-stores", action="store_true", help="with empty instance stores")
    try:
        _run(parser.parse_args())
    except RuntimeError as error:
        sys.exit(str(error))


def _run(options: argparse.Namespace) -> None:
    match options.command:
        case "image":
            print(have_image().layers[0])
        case "clean":
            print("\n".join(remove_all(_CHECKOUT)) or "nothing to remove")
        case "up":
            nodes = [_node(each) for each in json.loads(options.nodes)]
            print(json.dumps([asdict(login) for login in Fleet(_CHECKOUT, options.fleet).up(nodes)]))
        case "down":
            Fleet(_CHECKOUT, options.fleet).down()
        case "off":
            Fleet(_CHECKOUT, options.fleet).off(options.node)
        case "restart":
            Fleet(_CHECKOUT, options.fleet).restart(
                options.node, fresh_root=options.fresh_root, fresh_stores=options.fresh_stores
            )


def _node(platform: dict[str, object]) -> NodeOptions:
    """Return a molecule platform's options, without those that only molecule reads."""
    return NodeOptions(**{name: value for name, value in platform.items() if name not in _MOLECULES_OWN})  # type: ignore[arg-type]


_MOLECULES_OWN = {"groups", "children"}

if __name__ == "__main__":
    main()
