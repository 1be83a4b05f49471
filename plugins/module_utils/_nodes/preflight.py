# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node must have before roles change anything on it, looked at in seconds.

Runs on a node's own Python, 3.9.
"""

from __future__ import annotations

import base64
import importlib.util
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .._errors import FarmError
from . import driver
from .commands import run
from .kernel import kernel_packages

# A mirror that does not answer within it is too slow to install gigabytes from.
_ANSWER_SECONDS = 20
# dnf fetches what its repositories have, tens of megabytes, the first time.
_DNF_SECONDS = 300
_NVIDIA = "0x10de"
# 3D and VGA controllers, by PCI's code of classes.
_DISPLAYS = ("0x0302", "0x0300")
_INSTANCE_STORES = "dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_*"
DRIVER_REPOSITORY = "nvidia-release"


def driver_packages(gpus: int, root: Path = Path("/")) -> tuple[list[str], list[str]]:
    """Return the packages that the driver's role will install from the repositories as they are, and what forbids it.

    The driver itself is in a repository that the package ``nvidia-release`` brings: nobody can ask for it before.

    Args:
        gpus: how many there must be; for none nothing is installed, as where a driver works already.
        root: what files are below.
    """
    if gpus == 0:
        return [], []
    found = driver.look(root)
    if found.problem(gpus) == "":
        return [], []
    try:
        return [DRIVER_REPOSITORY, *kernel_packages(found.kernel)], []
    except FarmError as error:
        return [], [str(error)]


def gpu_problems(expected: int, root: Path = Path("/")) -> Iterator[str]:
    """Tell where the bus has not exactly so many GPUs of NVIDIA, whatever a driver says."""
    found = 0
    for device in (root / "sys/bus/pci/devices").glob("*"):
        vendor, kind = (device / "vendor").read_text().strip(), (device / "class").read_text().strip()
        found += vendor == _NVIDIA and kind.startswith(_DISPLAYS)
    if found != expected:
        yield (
            f"This instance has {found} GPUs on its bus and not {expected}: correct farm_gpus or farm_instance_type; "
            "of a GPU that is lost AWS makes a new one when the instance is stopped and started."
        )


def disk_problems(root: Path = Path("/")) -> Iterator[str]:
    """Tell where there is no instance store."""
    if not any(root.glob(_INSTANCE_STORES)):
        yield "There is no instance store: take an instance type with a local NVMe disk (farm_instance_type)."


def selinux_problems(root: Path = Path("/")) -> Iterator[str]:
    """Tell where SELinux is on and this Python has no binding of it, without which Ansible copies no file."""
    if (root / "sys/fs/selinux/enforce").exists() and importlib.util.find_spec("selinux") is None:
        yield "SELinux is on and Python has no binding of it: `dnf install python3-libselinux`."


def installed_problems(packages: list[str]) -> Iterator[str]:
    """Tell which of these the image lacks."""
    for package in packages:
        status, _output = run(["rpm", "--query", package], _ANSWER_SECONDS)
        if status != 0:
            yield (
                f"The image lacks {package}, by which the node is reached after its next boot: `dnf install {package}`"
                ", or take Amazon's default image in place of a minimal one."
            )


def package_problems(packages: list[str]) -> Iterator[str]:
    """Tell which packages no repository of this node has; each is a name, or name, version and architecture."""
    if not packages:
        return
    command = ["dnf", "--quiet", "repoquery", "--queryformat", r"%{name} %{name}-%{version}-%{release}.%{arch}"]
    status, output = run([*command, *packages], _DNF_SECONDS)
    if status != 0:
        yield f"dnf cannot read its repositories: {output} Look at /etc/yum.repos.d and at the subnet's way out."
        return
    there = set(output.split())
    missing = [package for package in packages if package not in there]
    if missing:
        yield (
            f"No repository has {', '.join(missing)}. Amazon's repositories are locked to the image's release: take a "
            "newer image (farm_image_parameter), or `dnf upgrade --releasever=latest` and reboot."
        )


def address_problems(addresses: list[str]) -> Iterator[str]:
    """Tell which addresses do not answer, or with an error; a user and a password in one are used, and not shown."""
    for address in addresses:
        parts = urlsplit(address)
        user, _at, host = parts.netloc.rpartition("@")
        shown = parts._replace(netloc=host).geturl()
        problem = _answer(shown, user)
        if problem:
            yield (
                f"{shown}: {problem}. Look at the subnet's way out (NAT, routes, proxy), or name a mirror in "
                "the settings (farm_miniforge_mirror, farm_index_url, farm_glossapi_repository; farm_use_weights)."
            )


def _answer(address: str, user: str) -> str:
    scheme, _separator, path = address.partition("://")
    if scheme == "file":
        return "" if Path(path).exists() else "there is no such file"
    if scheme not in ("http", "https"):
        return "only http, https and file addresses can be tried"
    try:
        request = urllib.request.Request(address, method="HEAD")  # noqa: S310
        if user:
            request.add_header("Authorization", f"Basic {base64.b64encode(unquote(user).encode()).decode()}")
        # With the proxies of the environment.
        with urllib.request.build_opener().open(request, timeout=_ANSWER_SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        # There is something, which will not be asked about alone.
        return "" if error.code == HTTPStatus.METHOD_NOT_ALLOWED else f"status {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", "")) or f"{type(error).__name__}: {error}"
