# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for a package index and glossAPI's repository: ``python glossapi_stand_ins.py <folder>``.

Writes ``pypi/``, an index that pip reads; ``requirements.txt``, a lock of it; ``requirements_newer.txt``, the same with
another release of numpy; ``glossAPI.bundle``, a repository of two commits; ``wheels/``, wheels of its packages of Rust
as S3 has them, and ``wheels.txt``, their lock; ``stand_ins.tar``, index, repository and wheels as a node gets them; and
``commits.json``, the commits' hashes, the first one first. The same script writes the same bytes, but for the archive's
times.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

# Sessions run on the CPU where this file is, as with CUDA libraries of another release, and before these are loaded.
_SESSION = """
from pathlib import Path
__version__ = "1.22.0"
loaded = []
def preload_dlls():
    loaded.append("libnvrtc.so.12")
class InferenceSession:
    def __init__(self, model=None, providers=()):
        pass
    def get_providers(self):
        on_cpu = not loaded or Path("/etc/emulated-node/ocr-on-cpu").exists()
        return ["CPUExecutionProvider" if on_cpu else "CUDAExecutionProvider"]
    def run(self, outputs, inputs):
        return [[2.0] * 4]
"""
_TORCH = """
class cuda:
    is_available = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 4)
class ones:
    def __init__(self, shape, device):
        self.total = float(shape[0] ** 3)
    def __matmul__(self, other):
        return self
    def sum(self):
        return self.total
"""
_RAPIDOCR = """
import onnxruntime
class RapidOCR:
    def __init__(self, params=None):
        self.sessions = [onnxruntime.InferenceSession() for _ in range(3)]
"""
_NUMPY = "float32 = float\ndef ones(count, dtype):\n    return [1.0] * count\n"
# Distribution, version and module, and the module's source.
_PACKAGES = {
    ("boto3", "1.0", "boto3"): "",
    ("docling", "2.48.0", "docling"): "",
    ("docling_core", "2.47.0", "docling.document_converter"): "",
    ("msgspec", "1.0", "msgspec"): "",
    ("numpy", "1.26.4", "numpy"): _NUMPY,
    ("obstore", "1.0", "obstore"): "",
    ("onnxruntime_gpu", "1.22.0", "onnxruntime"): _SESSION,
    ("opencv_python_headless", "4.11.0.86", "cv2"): "",
    ("pillow", "1.0", "PIL"): "",
    ("prometheus_client", "1.0", "prometheus_client"): "",
    ("pypdf", "1.0", "pypdf"): "",
    ("pypdfium2", "1.0", "pypdfium2"): "",
    ("rapidocr", "3.4.5", "rapidocr"): _RAPIDOCR,
    ("tesserocr", "1.0", "tesserocr"): "",
    ("torch", "2.5.1", "torch"): _TORCH,
    ("torchvision", "0.20.1", "torchvision"): "",
    ("urllib3", "1.0", "urllib3"): "",
    ("zstandard", "1.0", "zstandard"): "",
}
_NEWER_PACKAGES = {("numpy", "1.26.5", "numpy"): _NUMPY}
_COMPILED = {(f"glossapi_rs_{name}", "0.1.3", f"glossapi_rs_{name}"): "" for name in ("cleaner", "noise")}
# A package of Rust is one that needs a compiler and locked crates; here it compiles nothing.
_BACKEND = """
import os, shutil, sys, zipfile
from pathlib import Path
def build_editable(folder, config_settings=None, metadata_directory=None):
    project = next(Path("src").iterdir()).name
    if project != "glossapi" and (shutil.which("cc") is None or os.environ.get("MATURIN_PEP517_ARGS") != "--locked"):
        sys.exit("there is no cc, or the crates are not locked")
    name = f"{project}-0.1.3-py3-none-any.whl"
    info = f"{project}-0.1.3.dist-info/"
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        wheel.writestr(f"{project}.pth", str(Path("src").resolve()) + "\\n")
        wheel.writestr(info + "METADATA", f"Metadata-Version: 2.1\\nName: {project}\\nVersion: 0.1.3\\n")
        tag = "Root-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: stand-in\\n" + tag)
        wheel.writestr(info + "RECORD", "")
    return name
"""
_PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
# As the role installs them by default.
_PROJECTS = {
    "glossapi": ".",
    "glossapi_rs_cleaner": "rust/glossapi_rs_cleaner",
    "glossapi_rs_noise": "rust/glossapi_rs_noise",
}
_SOURCES = {
    f"{folder}/{name}": text
    for project, folder in _PROJECTS.items()
    for name, text in {
        "backend.py": _BACKEND,
        "pyproject.toml": _PROJECT,
        f"src/{project}/__init__.py": "",
    }.items()
}


def write_wheels(folder: Path, packages: dict[tuple[str, str, str], str]) -> dict[str, str]:
    """Write a wheel and its entry in the index for each package and return their lines of a lock, by name."""
    lock = {}
    for (name, version, module), source in packages.items():
        page = folder / name.replace("_", "-")
        page.mkdir(parents=True, exist_ok=True)
        wheel = page / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        files = {
            f"{module.replace('.', '/')}/__init__.py": source,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: stand-in\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                archive.writestr(zipfile.ZipInfo(path), text)
        with (page / "index.html").open("a") as index:
            index.write(f'<a href="{wheel.name}">{wheel.name}</a>\n')
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lock[page.name] = f"{page.name}=={version} \\\n    --hash=sha256:{digest}\n"
    return lock


def write_compiled(target: Path, commit: str) -> None:
    """Write the wheels of the packages of Rust, each below its SHA-256, and their lock."""
    lock = [f"# glossAPI {commit}"]
    for line in write_wheels(target / "compiled", _COMPILED).values():
        pin, digest = line.split(" \\\n    --hash=sha256:")
        (wheel,) = (target / "compiled" / pin.partition("==")[0]).glob("*.whl")
        (target / "wheels" / digest.strip()).mkdir(parents=True)
        wheel.rename(target / "wheels" / digest.strip() / wheel.name)
        lock.append(f"{pin} --hash=sha256:{digest.strip()}")
    (target / "wheels.txt").write_text("\n".join(lock) + "\n")


def write_repository(folder: Path, bundle: Path) -> list[str]:
    """Commit the stand-in twice, pack it, and return both hashes."""
    date = "2026-01-01T00:00:00Z"
    identity = {"NAME": "stand-in", "EMAIL": "stand-in@example.org", "DATE": date}
    people = ("AUTHOR", "COMMITTER")
    environment = os.environ | {f"GIT_{who}_{key}": value for who in people for key, value in identity.items()}

    def git(*words: str) -> str:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    folder.mkdir()
    git("init", "--quiet", "--initial-branch=main")
    commits = []
    for number in (1, 2):
        for name, text in _SOURCES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text.lstrip("\n"))
        (folder / "src/glossapi/__init__.py").write_text(f"number = {number}\n")
        git("add", "--all")
        git("commit", "--quiet", "--message", f"State {number}")
        commits.append(git("rev-parse", "HEAD"))
    git("bundle", "create", "--quiet", str(bundle), "main", "HEAD")
    return commits


def main(target: Path) -> None:
    """Write all of it; ``commits.json`` comes last."""
    target.mkdir(parents=True)
    lock = write_wheels(target / "pypi", _PACKAGES)
    (target / "requirements.txt").write_text("".join(lock.values()))
    lock |= write_wheels(target / "pypi", _NEWER_PACKAGES)
    (target / "requirements_newer.txt").write_text("".join(lock.values()))
    commits = write_repository(target / "checkout", target / "glossAPI.bundle")
    write_compiled(target, commits[1])
    with tarfile.open(target / "stand_ins.tar", "w") as archive:
        for name in ("pypi", "wheels", "glossAPI.bundle"):
            archive.add(target / name, name)
    (target / "commits.json").write_text(json.dumps(commits))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
