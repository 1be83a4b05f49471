# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have a file system and a directory tree on a node's instance store, and never harm data.

The role nvme runs this file, and so does every boot: a stop and start of the instance leaves the disk empty. It has to
run with the node's own Python, 3.9 on Amazon Linux 2023, and nothing but the standard library.
"""

from __future__ import annotations

import argparse
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# udev's links: the disk's model and serial number, once more with the namespace, and one for each partition.
LINKS = Path("/dev/disk/by-id")
MODEL = "nvme-Amazon_EC2_NVMe_Instance_Storage_*"
FILE_SYSTEM = "xfs"
ROOT = "root"
_NOTHING_FOUND = 2  # blkid(8), low-level probing.
_SECTOR_BYTES = 4096
_OWN = 0o755
_SHARED = 0o1777
# The owner may make more beside what is root's, and cannot put anything in its place.
_TOP = 0o1775


class DiskError(Exception):
    """The disk is not what it must be; the message says what to do."""


class Signature(NamedTuple):
    """What blkid finds on a disk or partition: the names and values of its export format."""

    device: str
    values: dict[str, str]


class Store(NamedTuple):
    """An instance store: its device, its size, and all that blkid found on it and on its partitions."""

    device: str
    bytes: int
    signatures: list[Signature]


def candidates(links: dict[str, str], wanted: str) -> list[str]:
    """Return the instance stores to choose from.

    Args:
        links: udev's links to instance stores, and the device of each.
        wanted: the link or device that the operator chose; empty for any.

    Raises:
        DiskError: there is none, or the wanted one is no instance store.
    """
    devices = sorted(set(links.values()))
    if wanted:
        chosen = links.get(wanted, wanted)
        if chosen not in devices:
            found = ", ".join(devices) or "none"
            raise DiskError(f"nvme_device is {wanted}, which is no instance store. Instance stores here: {found}.")
        return [chosen]
    if not devices:
        raise DiskError("this node has no instance store: its instance type must be one with a local NVMe disk.")
    return devices


def choose(stores: list[Store], label: str) -> Store:
    """Return the instance store to use: the one with our file system, else the largest empty one, else the first.

    Of equal ones that is the first by its device's name. Which one that is may differ from boot to boot: once it has
    our file system that is what tells.

    Args:
        stores: at least one.
        label: our file system's label.

    Raises:
        DiskError: several have our file system, and the mount would take any of them.
    """
    ours = [store for store in stores if any(_is_ours(each, label) for each in store.signatures)]
    if len(ours) > 1:
        devices = ", ".join(store.device for store in ours)
        raise DiskError(
            f"{len(ours)} instance stores have the label {label}: {devices}. Save what you need, then empty all but "
            f"one with `wipefs --all {ours[-1].device}`."
        )
    empty = [store for store in stores if not store.signatures]
    largest = sorted(empty, key=lambda store: (-store.bytes, store.device))
    return [*ours, *largest, *stores][0]


def _is_ours(signature: Signature, label: str) -> bool:
    return {"TYPE": FILE_SYSTEM, "LABEL": label}.items() <= signature.values.items()


def must_format(signatures: list[Signature], label: str) -> bool:
    """Return whether the disk is empty; a file system of ours needs nothing.

    Args:
        signatures: all that blkid found on the disk and on its partitions.
        label: our file system's label.

    Raises:
        DiskError: there is something else on it.
    """
    if not signatures:
        return True
    if len(signatures) == 1 and _is_ours(signatures[0], label):
        return False
    found = "; ".join(f"{each.device} has {_description(each.values)}" for each in signatures)
    raise DiskError(
        f"the instance store is not empty, and not ours: {found}. It is never formatted by itself. "
        f"Save what you need, then empty it with `wipefs --all {signatures[0].device}`."
    )


def _description(values: dict[str, str]) -> str:
    kind = values.get("TYPE") or values.get("PTTYPE") or "something unknown"
    return f"{kind} with the label {values['LABEL']}" if "LABEL" in values else kind


def parse_export(text: str) -> dict[str, str]:
    """Return what blkid printed in its export format: a name, =, and a value on each line (blkid(8))."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: value for name, _, value in pairs if name != "DEVNAME"}


def find_links() -> dict[str, str]:
    """Return udev's links to instance stores, without those to partitions, and the device of each."""
    links = (link for link in sorted(LINKS.glob(MODEL)) if "-part" not in link.name)
    return {str(link): str(link.resolve()) for link in links}


def read_signatures(device: str) -> list[Signature]:
    """Return what is on a disk and on its partitions; nothing for an empty one.

    Raises:
        DiskError: it cannot be read, or blkid cannot tell. What it cannot tell must not be overwritten.
    """
    name = Path(device).name
    partitions = [f"/dev/{folder.name}" for folder in sorted(Path("/sys/class/block", name).glob(f"{name}*"))]
    signatures = []
    for each in [device, *partitions]:
        _check_readable(each)
        command = ["blkid", "--probe", "--output", "export", each]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode == _NOTHING_FOUND and not finished.stderr.strip():
            continue
        if finished.returncode != 0:
            error = finished.stderr.strip()
            raise DiskError(f"blkid cannot tell what is on {each} (status {finished.returncode}): {error}")
        signatures.append(Signature(each, parse_export(finished.stdout)))
    return signatures


def _size(device: str) -> int:
    """Return the size of a disk in bytes; 0 for one that cannot be read, of which :func:`read_signatures` tells."""
    try:
        with Path(device).open("rb") as disk:
            return disk.seek(0, os.SEEK_END)
    except OSError:
        return 0


def _check_readable(device: str) -> None:
    """Read a little: blkid has the same answer for a disk that it cannot read and for an empty one."""
    try:
        with Path(device).open("rb") as disk:
            disk.read(_SECTOR_BYTES)
    except OSError as error:
        raise DiskError(f"cannot read {device}: {error.strerror}") from error


def have_file_system(label: str, wanted: str, dry_run: bool) -> list[str]:
    """Make the file system on an empty instance store and return what was done, or would be.

    Raises:
        DiskError: as :func:`candidates`, :func:`choose`, :func:`read_signatures` and :func:`must_format`, or mkfs
            failed.
    """
    devices = candidates(find_links(), wanted)
    store = choose([Store(device, _size(device), read_signatures(device)) for device in devices], label)
    if not must_format(store.signatures, label):
        return []
    device = store.device
    if not dry_run:
        # Without -f: should anything be on the disk after all, mkfs.xfs refuses.
        _call(["mkfs.xfs", "-q", "-L", label, device])
        _call(["udevadm", "settle", "--timeout=30"])
    return [f"{FILE_SYSTEM} with the label {label} on {device}"]


def have_tree(
    mount: str, owner: str, directories: list[str], shared: list[str], roots: list[str], dry_run: bool
) -> list[str]:
    """Have the mount's top and the directories below it and return those that needed something.

    Args:
        mount: the mount's top, which is root's and where ``owner``'s group may make more.
        owner: the user who owns ``directories``.
        directories: relative to the mount, each parent before its children.
        shared: directories that everybody may write to, as to /tmp.
        roots: directories that root alone may write to.
        dry_run: only look.

    Raises:
        DiskError: nothing is mounted there, so that the directories would land on the root disk; or there is no such
            user, or something else is in the way.
    """
    user, root = _user(owner), _user(ROOT)
    wanted = [
        ("", root.pw_uid, user.pw_gid, _TOP),
        *((path, user.pw_uid, user.pw_gid, _OWN) for path in directories),
        *((path, root.pw_uid, root.pw_gid, _SHARED) for path in shared),
        *((path, root.pw_uid, root.pw_gid, _OWN) for path in roots),
    ]
    if not os.path.ismount(mount):
        # In a dry run of a first run nothing is mounted yet, and all would be new.
        if dry_run:
            return [str(Path(mount, path)) for path, *_ in wanted]
        raise DiskError(f"nothing is mounted at {mount}: `systemctl status {mount}` says why.")
    done = []
    for relative, uid, gid, mode in wanted:
        path = Path(mount, relative)
        if _has(path, uid, gid, mode):
            continue
        done.append(str(path))
        if not dry_run:
            path.mkdir(parents=True, exist_ok=True)
            os.chown(path, uid, gid, follow_symlinks=False)
            path.chmod(mode)
    return done


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise DiskError(f"there is no user {name}: run the role service_user first.") from error


def _has(path: Path, uid: int, gid: int, mode: int) -> bool:
    try:
        state = path.lstat()
    except FileNotFoundError:
        return False
    # A link would have root change what its owner points it to.
    if not stat.S_ISDIR(state.st_mode):
        raise DiskError(f"{path} must be a directory, and is something else: move it away.")
    return (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (uid, gid, mode)


def _call(command: list[str]) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise DiskError(f"{' '.join(command)} failed: {(finished.stderr or finished.stdout).strip()}")


def main(arguments: list[str]) -> int:
    """Run one command; print a line for each change and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    commands = parser.add_subparsers(dest="command", required=True)
    file_system = commands.add_parser("file-system", help="have the file system")
    file_system.add_argument("--label", required=True)
    file_system.add_argument("--device", default="", help="the instance store to use; empty for one by rule")
    tree = commands.add_parser("tree", help="have the directories")
    tree.add_argument("--mount", required=True)
    tree.add_argument("--owner", required=True)
    tree.add_argument("--directory", action="append", default=[], help="relative to the mount; may be repeated")
    tree.add_argument("--shared", action="append", default=[], help="the same, for everybody to write to")
    tree.add_argument("--root", action="append", default=[], help="the same, for root alone to write to")
    options = parser.parse_args(arguments)
    try:
        if options.command == "file-system":
            done = have_file_system(options.label, options.device, options.dry_run)
        else:
            directories = (options.directory, options.shared, options.root)
            done = have_tree(options.mount, options.owner, *directories, options.dry_run)
    except DiskError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    for line in done:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
