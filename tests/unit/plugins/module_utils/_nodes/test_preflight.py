# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import http.server
import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.preflight import (
    address_problems,
    disk_problems,
    driver_packages,
    gpu_problems,
    installed_problems,
    package_problems,
    selinux_problems,
)
from tests.support.node_programs import Stub

RELEASE = "6.12.111-136.204.amzn2023.x86_64"


@pytest.fixture
def stub(programs: Stub) -> Stub:
    """Write programs beside those that every test here needs."""
    programs("uname", f"echo {RELEASE}")
    programs("modinfo", "exit 1")
    return programs


@pytest.fixture
def address() -> Iterator[str]:
    """A server that answers HEAD requests with the status that their path names, or who asks, or with no sense."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            if self.path == "/nonsense":
                self.wfile.write(b"220 smtp.example.org\r\n")
                return
            if self.path == "/private":
                self.send_response(200 if self.headers.get("Authorization") == "Basic bWU6bXkgd29yZA==" else 401)
            else:
                self.send_response(int(self.path[1:]))
            self.end_headers()

        def log_message(self, *_words: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_bare_node_needs_the_repository_of_the_driver_and_its_kernels_packages(stub: Stub, tmp_path: Path) -> None:
    wanted, problems = driver_packages(4, tmp_path)
    assert wanted == ["nvidia-release", f"kernel6.12-devel-{RELEASE}", f"kernel6.12-modules-extra-{RELEASE}"]
    assert problems == []
    stub("uname", "echo 6.8.0-generic")
    wanted, (problem,) = driver_packages(4, tmp_path)
    assert wanted == []
    assert "not one of Amazon Linux 2023" in problem


def test_a_node_without_gpus_or_with_a_driver_that_works_needs_none(stub: Stub, tmp_path: Path) -> None:
    assert driver_packages(0, tmp_path) == ([], [])
    stub("modinfo", "echo 595.91.07")
    stub("nvidia-smi", "echo NVIDIA A10G")
    assert driver_packages(1, tmp_path) == ([], [])


def test_gpus_are_counted_on_the_bus_and_nothing_else_of_nvidia_or_of_others(tmp_path: Path) -> None:
    devices = [("0x10de", "0x030200"), ("0x10de", "0x030000"), ("0x10de", "0x040300"), ("0x1d0f", "0x030000")]
    for number, (vendor, kind) in enumerate(devices):
        folder = tmp_path / f"sys/bus/pci/devices/0000:00:{number:02x}.0"
        folder.mkdir(parents=True)
        (folder / "vendor").write_text(f"{vendor}\n")
        (folder / "class").write_text(f"{kind}\n")
    assert list(gpu_problems(2, tmp_path)) == []
    (problem,) = gpu_problems(4, tmp_path)
    assert problem.startswith("This instance has 2 GPUs on its bus and not 4: correct farm_gpus")


def test_an_instance_store_is_found_by_its_identity(tmp_path: Path) -> None:
    (problem,) = disk_problems(tmp_path)
    assert "farm_instance_type" in problem
    link = tmp_path / "dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1-ns-1"
    link.parent.mkdir(parents=True)
    link.touch()
    assert list(disk_problems(tmp_path)) == []


def test_selinux_without_its_python_binding_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binding: list[object | None] = [None]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: binding[0])
    assert list(selinux_problems(tmp_path)) == []
    enforce = tmp_path / "sys/fs/selinux/enforce"
    enforce.parent.mkdir(parents=True)
    enforce.write_text("0")
    (problem,) = selinux_problems(tmp_path)
    assert "dnf install python3-libselinux" in problem
    binding[0] = object()
    assert list(selinux_problems(tmp_path)) == []


def test_what_the_image_lacks_is_named_with_the_command(stub: Stub) -> None:
    stub("rpm", '[ "$2" = amazon-ssm-agent ]')
    (problem,) = installed_problems(["amazon-ssm-agent", "ec2-instance-connect"])
    assert "lacks ec2-instance-connect" in problem
    assert "`dnf install ec2-instance-connect`" in problem


def test_packages_are_asked_for_at_once_by_name_or_with_their_version(stub: Stub, tmp_path: Path) -> None:
    stub("dnf", f'echo "$@" >> {tmp_path}/asked; echo git git-2.50-1.amzn2023.x86_64; echo gcc gcc-11.5-1.x86_64')
    assert list(package_problems(["git", "gcc-11.5-1.x86_64"])) == []
    (problem,) = package_problems(["git", "acl", f"kernel6.12-devel-{RELEASE}"])
    assert problem.startswith(f"No repository has acl, kernel6.12-devel-{RELEASE}. ")
    assert len((tmp_path / "asked").read_text().splitlines()) == 2
    assert list(package_problems([])) == []


def test_repositories_that_cannot_be_read_are_told_in_dnfs_words(stub: Stub) -> None:
    stub("dnf", "echo Cannot download repomd.xml >&2; exit 1")
    (problem,) = package_problems(["git"])
    assert problem.startswith("dnf cannot read its repositories: Cannot download repomd.xml ")


@pytest.mark.server
def test_addresses_answer_or_are_named_with_what_they_said(address: str, tmp_path: Path) -> None:
    wanted = [f"{address}/200", f"{address}/404", f"{address}/503", "ftp://example.org/a", f"file://{tmp_path}"]
    problems = list(address_problems(wanted))
    assert [problem.partition(". ")[0] for problem in problems] == [
        f"{address}/404: status 404",
        f"{address}/503: status 503",
        "ftp://example.org/a: only http, https and file addresses can be tried",
    ]
    assert all("farm_index_url" in problem for problem in problems)


@pytest.mark.server
def test_a_server_that_takes_no_such_question_answers_all_the_same(address: str) -> None:
    assert list(address_problems([f"{address}/405"])) == []


@pytest.mark.server
def test_a_mirrors_password_is_used_and_never_shown(address: str) -> None:
    mirror = address.replace("http://", "http://me:my%20word@")
    assert list(address_problems([f"{mirror}/private"])) == []
    (problem,) = address_problems([f"{mirror}/503"])
    assert problem.startswith(f"{address}/503: status 503. ")
    (problem,) = address_problems([f"{address}/private"])
    assert problem.startswith(f"{address}/private: status 401. ")


@pytest.mark.server
def test_what_is_no_server_of_pages_is_a_problem(address: str) -> None:
    for wrong in ("http://127.0.0.1:1/", f"{address}/nonsense", "https://example.org:port/"):
        (problem,) = address_problems([wrong])
        assert problem.startswith(f"{wrong}: ")
    (problem,) = address_problems(["http://127.0.0.1:1/"])
    assert "refused" in problem
