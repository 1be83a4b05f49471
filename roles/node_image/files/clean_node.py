# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take from a machine what no image may have: secrets, keys, its identity, its logs and what it worked on.

Runs on a node's own Python, 3.9, as root. Nobody can log in with a key of before afterwards: it is the last thing that
is done on a machine before an image of its root volume is made.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# Of whoever may log in, and of the user that everything runs as; below their homes.
_OF_USERS = (
    ".ssh",
    ".aws",
    ".secrets/*",
    ".netrc",
    ".config/pip",
    ".cache/huggingface/token",
    ".*_history",
    ".lesshst",
    ".ansible",
)
_HOMES = ("root", "home/*")
# Removed, with all below; patterns below the root.
_REMOVED = (
    "etc/ssh/ssh_host_*",
    # What EC2's own programs keep of this instance: they ask again.
    "var/lib/cloud/*",
    "var/lib/amazon/ssm/*",
    "opt/aws/amazon-cloudwatch-agent/logs/*",
    "var/lib/systemd/random-seed",
    "var/lib/dbus/machine-id",
    # Of this node of the farm.
    "etc/glossapi-farm/fleet.json",
    "etc/glossapi-farm/hold",
    # Started by the fleet's program, under a number that it claims.
    "etc/systemd/system/multi-user.target.wants/glossapi-shard@*.service",
    # Nobody needs them again.
    "var/cache/dnf/*",
    "tmp/*",
    "var/tmp/*",
    "var/log/journal/*",
)
# Ansible's module that runs this; it removes that itself.
_IN_USE = "tmp/ansible_*_payload_*"
# Emptied: systemd gives a machine with an empty one a new identity at its boot, and programs go on with their logs.
_EMPTIED = ("etc/machine-id", "var/log/**/*")
# Of a supervisor, below its work directory: who it was, what it was told and what it worked on.
_WORK = ("state", "logs", "documents", "runner", "smoke", "tmp", "metrics")


def clean(root: Path, workdir: Path, home: Path) -> list[str]:
    """Take all of it from the machine whose root directory this is; return what was removed or emptied.

    Args:
        root: the machine's.
        workdir: of supervisors, absolute.
        home: of the user that they run as, absolute.
    """
    changed = []
    in_use = set(root.glob(_IN_USE))
    homes = (*_HOMES, _below_root(home))
    users = [f"{folder}/{name}" for folder in homes for name in _OF_USERS]
    work = [f"{_below_root(workdir)}/{name}/*" for name in _WORK]
    for path in _found(root, (*users, *_REMOVED, *work)):
        if path in in_use:
            continue
        changed.append(str(path))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    for path in _found(root, _EMPTIED):
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            changed.append(str(path))
            with path.open("r+b") as file:
                file.truncate()
    return changed


def _below_root(path: Path) -> str:
    return str(path.relative_to(path.anchor))


def _found(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(root.glob(pattern))


def main(arguments: list[str]) -> None:
    """Clean this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workdir", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--root", type=Path, default=Path("/"))
    options = parser.parse_args(arguments)
    sys.stdout.write("".join(f"{path}\n" for path in clean(options.root, options.workdir, options.home)))


if __name__ == "__main__":
    main(sys.argv[1:])
