# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._weights.fetching import fetch
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import Placed, placed
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import Repository, Source, WeightFile
from tests.support.model_hub import LAYOUT, Hub, a_list, git_blob, npm_package, serving, sha256

pytestmark = pytest.mark.server


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as server:
        yield server


def layout_file() -> Placed:
    return next(placed(a_list()))


def test_a_file_comes_from_the_hub_and_is_compared_with_its_digest(hub: Hub) -> None:
    with fetch(layout_file(), None, hub.endpoints).open() as content:
        assert content.read() == LAYOUT


def test_a_file_of_github_is_known_by_its_blob(hub: Hub) -> None:
    hub.files["eellak/glossAPI/abc/models/det.onnx"] = b"det"
    repository = Repository(
        Source.GITHUB, "eellak/glossAPI", "abc", ("glossapi",), (WeightFile("models/det.onnx", git_blob(b"det")),), "r"
    )
    with fetch(next(placed(a_list(repository))), None, hub.endpoints).open() as content:
        assert content.read() == b"det"


def test_what_is_another_is_refused_with_both_digests(hub: Hub) -> None:
    path = next(path for path in hub.files if path.endswith("model.safetensors"))
    hub.files[path] = b"<html>Please log in</html>"
    with pytest.raises(FarmError, match=rf"is not what was pinned: it is {sha256(hub.files[path])} \(26 bytes\)"):
        fetch(layout_file(), None, hub.endpoints)


def test_what_the_hub_does_not_have_is_told_at_once(hub: Hub) -> None:
    hub.files.clear()
    with pytest.raises(FarmError, match=r"model\.safetensors cannot be fetched, after 1 tries: HTTP Error 404"):
        fetch(layout_file(), None, hub.endpoints)
    assert len(hub.asked) == 1


def test_a_hub_that_stumbles_is_asked_again(hub: Hub) -> None:
    hub.failures = 2
    fetch(layout_file(), None, hub.endpoints)
    hub.failures = 3
    with pytest.raises(FarmError, match="503"):
        fetch(layout_file(), None, hub.endpoints)


def test_a_file_that_breaks_off_is_fetched_again(hub: Hub) -> None:
    hub.broken = 2
    with fetch(layout_file(), None, hub.endpoints).open() as content:
        assert content.read() == LAYOUT
    hub.broken = 3
    with pytest.raises(FarmError, match=r"after 3 tries: it broke off after 10,000 of 20,000 bytes"):
        fetch(layout_file(), None, hub.endpoints)


def test_a_hub_that_is_not_there_is_told() -> None:
    with pytest.raises(FarmError, match="cannot be fetched"):
        fetch(layout_file(), None, {Source.HUB: "http://127.0.0.1:9"})


def test_a_local_folder_comes_first_and_is_not_trusted_either(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / layout_file().path
    path.parent.mkdir(parents=True)
    path.write_bytes(LAYOUT)
    fetch(layout_file(), tmp_path, hub.endpoints)
    assert hub.asked == []
    path.write_bytes(b"half")
    with pytest.raises(FarmError, match=f"{path} is not what was pinned"):
        fetch(layout_file(), tmp_path, hub.endpoints)


def of_npm(body: bytes) -> Placed:
    file = WeightFile("best/ell.traineddata.gz", sha256(body), len(body), "ell.traineddata")
    repository = Repository(Source.NPM, "@data/ell", "1.0.0", ("tesseract",), (file,), "tessdata")
    return next(placed(a_list(repository)))


def test_a_file_of_npm_is_unpacked_from_its_package_and_compared_with_its_digest(hub: Hub) -> None:
    hub.files["@data/ell/-/ell-1.0.0.tgz"] = npm_package("best/ell.traineddata.gz", gzip.compress(b"data"))
    with fetch(of_npm(b"data"), None, hub.endpoints).open() as content:
        assert content.read() == b"data"
    with pytest.raises(FarmError, match="is not what was pinned: it is sha256"):
        fetch(of_npm(b"other"), None, hub.endpoints)


def test_a_package_of_npm_without_the_file_is_told(hub: Hub) -> None:
    hub.files["@data/ell/-/ell-1.0.0.tgz"] = npm_package("fast/ell.traineddata.gz", gzip.compress(b"data"))
    with pytest.raises(FarmError, match=r"ell-1\.0\.0\.tgz is not what was pinned: it has no best/ell"):
        fetch(of_npm(b"data"), None, hub.endpoints)
