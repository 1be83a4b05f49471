# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import getpass
import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.roles.nvme.files import data_disk
from ansible_collections.glossapi.farm.roles.nvme.files.data_disk import (
    DiskError,
    Signature,
    choose,
    have_file_system,
    have_tree,
    main,
    must_format,
    parse_export,
    read_signatures,
)

_LINK = "/dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1"


def _links(**devices: str) -> dict[str, str]:
    return {f"/dev/disk/by-id/{link}": device for link, device in devices.items()}


@pytest.fixture(autouse=True)
def programs_of_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user's PATH lacks the folders of blkid and mkfs on Debian."""
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")


def test_it_runs_with_the_python_of_amazon_linux() -> None:
    ast.parse(Path(data_disk.__file__).read_text(), feature_version=(3, 9))


def test_several_links_to_one_disk_are_one_disk() -> None:
    assert choose({_LINK: "/dev/nvme1n1", f"{_LINK}-ns-1": "/dev/nvme1n1"}, "") == "/dev/nvme1n1"


def test_no_instance_store_is_an_error_that_names_the_instance_type() -> None:
    with pytest.raises(DiskError, match="no instance store: its instance type"):
        choose({}, "")


def test_several_instance_stores_are_an_error_that_lists_them() -> None:
    with pytest.raises(
        DiskError, match=r"2 instance stores \(/dev/nvme1n1, /dev/nvme2n1\): set nvme_device to one of .*a, "
    ):
        choose(_links(a="/dev/nvme1n1", b="/dev/nvme2n1"), "")


@pytest.mark.parametrize("wanted", ["/dev/disk/by-id/b", "/dev/nvme2n1"])
def test_the_operator_chooses_by_link_or_device(wanted: str) -> None:
    assert choose(_links(a="/dev/nvme1n1", b="/dev/nvme2n1"), wanted) == "/dev/nvme2n1"


def test_a_device_that_is_no_instance_store_cannot_be_chosen() -> None:
    with pytest.raises(DiskError, match="/dev/nvme0n1, which is no instance store"):
        choose(_links(a="/dev/nvme1n1"), "/dev/nvme0n1")


def test_an_empty_disk_is_formatted() -> None:
    assert must_format([], "farm-data")


def test_our_file_system_is_left_alone() -> None:
    assert not must_format([Signature("/dev/nvme1n1", {"TYPE": "xfs", "LABEL": "farm-data"})], "farm-data")


@pytest.mark.parametrize(
    ("signatures", "said"),
    [
        ([{"TYPE": "xfs", "LABEL": "other"}], "has xfs with the label other"),
        ([{"TYPE": "ext4", "LABEL": "farm-data"}], "has ext4 with the label farm-data"),
        ([{"PTTYPE": "gpt"}], "has gpt"),
        ([{"PTTYPE": "gpt"}, {"TYPE": "xfs", "LABEL": "farm-data"}], "has gpt; .* has xfs with the label farm-data"),
        ([{"UUID": "1"}], "has something unknown"),
    ],
)
def test_anything_else_is_never_formatted(signatures: list[dict[str, str]], said: str) -> None:
    with pytest.raises(DiskError, match=f"{said}.*never formatted by itself.*wipefs --all /dev/nvme1n1"):
        must_format([Signature("/dev/nvme1n1", each) for each in signatures], "farm-data")


def test_values_of_blkid_may_hold_an_equals_sign() -> None:
    assert parse_export("DEVNAME=/dev/nvme1n1\nLABEL=a=b\nTYPE=xfs\n") == {"LABEL": "a=b", "TYPE": "xfs"}


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    file = tmp_path / "disk"
    with file.open("wb") as output:
        output.truncate(16 * 2**20)
    return file


def test_an_empty_disk_has_no_signature(disk: Path) -> None:
    assert read_signatures(str(disk)) == []


def test_a_file_system_is_seen(disk: Path) -> None:
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-L", "theses", disk], check=True)
    (found,) = read_signatures(str(disk))
    assert (found.values["TYPE"], found.values["LABEL"]) == ("ext4", "theses")


def test_a_disk_that_cannot_be_read_does_not_pass_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"cannot read .*/gone"):
        read_signatures(str(tmp_path / "gone"))


def test_a_dry_run_says_what_it_would_format_and_formats_nothing(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_disk, "find_links", lambda: {_LINK: str(disk)})
    assert have_file_system("farm-data", "", dry_run=True) == [f"xfs with the label farm-data on {disk}"]
    assert read_signatures(str(disk)) == []


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == tmp_path)
    tmp_path.chmod(0o1775)
    monkeypatch.setattr(data_disk, "ROOT", getpass.getuser())
    return tmp_path


def test_directories_are_made_once(mount: Path) -> None:
    top, user = str(mount), getpass.getuser()
    assert have_tree(top, user, ["logs"], [], [], dry_run=True) == [f"{mount}/logs"]
    assert not (mount / "logs").exists()
    assert have_tree(top, user, ["logs"], [], [], dry_run=False) == [f"{mount}/logs"]
    assert have_tree(top, user, ["logs"], [], [], dry_run=False) == []


def test_a_directory_with_another_mode_is_mended(mount: Path) -> None:
    (mount / "logs").mkdir(mode=0o700)
    assert have_tree(str(mount), getpass.getuser(), ["logs"], [], [], dry_run=False) == [f"{mount}/logs"]
    assert (mount / "logs").stat().st_mode & 0o7777 == 0o755


def test_the_top_and_what_is_roots_cannot_be_replaced_by_the_owner(mount: Path) -> None:
    mount.chmod(0o777)
    made = have_tree(str(mount), getpass.getuser(), [], ["shared"], ["dnf"], dry_run=False)
    assert made == [str(mount), f"{mount}/shared", f"{mount}/dnf"]
    modes = [path.stat().st_mode & 0o7777 for path in (mount, mount / "shared", mount / "dnf")]
    assert modes == [0o1775, 0o1777, 0o755]


def test_a_link_in_place_of_a_directory_is_refused(mount: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (mount / "logs").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(DiskError, match="logs must be a directory"):
        have_tree(str(mount), getpass.getuser(), ["logs"], [], [], dry_run=False)


def test_nothing_is_made_where_nothing_is_mounted(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=f"nothing is mounted at {tmp_path}"):
        have_tree(str(tmp_path), getpass.getuser(), ["logs"], [], [], dry_run=False)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_owner_is_an_error_that_names_the_role_to_run(mount: Path) -> None:
    with pytest.raises(DiskError, match="no user nobody-at-all: run the role service_user first"):
        have_tree(str(mount), "nobody-at-all", ["logs"], [], [], dry_run=False)


def test_an_error_goes_to_the_error_output_and_the_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data_disk, "find_links", dict)
    assert main(["file-system", "--label", "farm-data"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("Error: this node has no instance store")
