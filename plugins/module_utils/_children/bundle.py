# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the library that outlives the Ansible module.

Ansible runs a module from a temporary archive that it deletes when the module ends; a supervisor and
its workers go on, and start new processes for days. So they run from a zip of their own, named by its
content: the same sources give the same file.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .._errors import FarmError
from .._files import write_atomically

_PACKAGE = "ansible_collections.glossapi.farm.plugins.module_utils"
# The earliest time a zip can hold.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_BUNDLE_VARIABLE = "GLOSSAPI_FARM_BUNDLE"


def write_bundle(entries: Iterable[str], folder: Path) -> Path:
    """Write ``<folder>/<sha256>.zip`` with these modules and all they import of the library.

    Raises:
        FarmError: the source of a module cannot be had.
    """
    content = _zip(collect_sources(entries))
    path = folder / f"{hashlib.sha256(content).hexdigest()}.zip"
    # One that a disk has spoiled would keep every supervisor from starting.
    if not path.exists() or path.read_bytes() != content:
        write_atomically(path, content, durable=True)
    return path


def make_program(entries: Iterable[str], start: str) -> bytes:
    """Return a zip that Python runs as a program, with these modules and all they import of the library.

    Args:
        entries: names of modules.
        start: the source of what is run.

    Raises:
        FarmError: the source of a module cannot be had.
    """
    return _zip(collect_sources(entries), {"__main__.py": start})


def link_bundle(bundle: Path, link: Path) -> None:
    """Have the link point to the bundle beside it, at every moment to a bundle."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(bundle.name)
    fresh.replace(link)


def pin_bundle(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the bundle itself in the place of a link to it, which may change meanwhile."""
    bundle = environment.get(_BUNDLE_VARIABLE)
    return with_bundle(Path(bundle).resolve(), without_bundle(environment)) if bundle else dict(environment)


def collect_sources(entries: Iterable[str]) -> dict[str, str]:
    """Return the source of each named module and of all modules of the library they import, by name."""
    sources: dict[str, str] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = _source(name)
            waiting.extend(_imports(name, sources[name]))
    return sources


def with_bundle(bundle: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for Python to find the bundle first."""
    paths = [str(bundle), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths), _BUNDLE_VARIABLE: str(bundle)}


def without_bundle(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment as it was before :func:`with_bundle`, for programs that are not ours."""
    kept = dict(environment)
    bundle = kept.pop(_BUNDLE_VARIABLE, None)
    paths = [path for path in kept.pop("PYTHONPATH", "").split(os.pathsep) if path and path != bundle]
    return kept | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})


def _source(name: str) -> str:
    spec = importlib.util.find_spec(name)
    # A file's loader and a zip's both have it.
    get_source = getattr(spec.loader if spec else None, "get_source", None)
    source: str | bytes | None = get_source(name) if get_source else None
    if source is None:
        raise FarmError(f"The source of {name} cannot be found: install the collection again.")
    # Ansible's own loader gives it undecoded.
    return importlib.util.decode_source(source) if isinstance(source, bytes) else source


def _imports(name: str, source: str) -> Iterator[str]:
    package = name.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom):
            continue
        target = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        if target.startswith(_PACKAGE):
            for alias in node.names:
                # `from package import module` names a module; `from module import name` does not.
                full = f"{target}.{alias.name}"
                yield full if _is_module(target, full) else target


def _is_module(parent: str, name: str) -> bool:
    spec = importlib.util.find_spec(parent)
    is_package = spec is not None and spec.submodule_search_locations is not None
    return is_package and importlib.util.find_spec(name) is not None


def _zip(sources: Mapping[str, str], others: Mapping[str, str] | None = None) -> bytes:
    files = {f"{name.replace('.', '/')}.py": source for name, source in sources.items()}
    folders = {str(parent) for name in files for parent in Path(name).parents if str(parent) != "."}
    # Regular packages, so that an `ansible_collections` elsewhere on the path cannot come before.
    files |= {f"{folder}/__init__.py": "" for folder in folders} | dict(others or {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), files[name])
    return buffer.getvalue()
