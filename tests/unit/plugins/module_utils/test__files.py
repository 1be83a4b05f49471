# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import (
    Section,
    Sink,
    TemporaryFile,
    copy_atomically,
    disk_errors,
    same_content,
    write_atomically,
)


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_must_outlast_a_power_cut_is_on_the_disk_before_it_is_named_and_then_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    synced = []

    def sync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(("folder" if is_folder else os.pread(descriptor, 10, 0), path.exists()))

    monkeypatch.setattr(os, "fsync", sync)
    write_atomically(path, b"new")
    assert synced == []
    path.unlink()
    write_atomically(path, b"new", durable=True)
    assert synced == [(b"new", False), ("folder", True)]


def test_a_failed_write_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()
    with pytest.raises(OSError, match="file"):
        write_atomically(path, b"new")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_file_has_its_mode_whatever_the_umask(mode: int, tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", b"new", mode)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_a_stream_is_copied_from_where_it_is(tmp_path: Path) -> None:
    source = io.BytesIO(b"xrest")
    source.read(1)
    copy_atomically(tmp_path / "file", source, 0o644)
    assert (tmp_path / "file").read_bytes() == b"rest"


@pytest.mark.parametrize("other", [b"a" * (3 << 20), b"a" * ((3 << 20) - 1) + b"b", b"a" * ((3 << 20) - 1), b""])
def test_contents_are_the_same_where_all_bytes_are(other: bytes) -> None:
    content = b"a" * (3 << 20)
    assert same_content(io.BytesIO(content), io.BytesIO(other)) is (content == other)
    assert same_content(io.BytesIO(other), io.BytesIO(content)) is (content == other)


def test_a_file_of_another_process_is_taken_over_and_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "product"
    path.write_bytes(b"made")
    number = path.stat().st_ino
    file = TemporaryFile(path)
    assert list(tmp_path.iterdir()) == []
    assert file.path.stat().st_ino == number
    assert file.bytes == 4
    file.write(b" there")
    with file.open() as opened:
        assert opened.read() == b"made there"
    with pytest.raises(FileNotFoundError):
        TemporaryFile(path)


def test_a_temporary_file_has_no_name_and_readers_that_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = TemporaryFile()
    file.write(b"one")
    with file.open() as first, file.open() as second:
        assert first.read(1) == b"o"
        file.write(b"two")
        assert (file.bytes, list(tmp_path.iterdir())) == (6, [])
        assert file.md5() == "5b9164ad6f496d9dee12ec7634ce253f"
        del file
        assert (first.read(), second.read()) == (b"netwo", b"onetwo")


def test_a_full_disk_says_where_and_how_much_it_must_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    message = f"Cannot keep it in {tmp_path}: No space left on device. Free space there, .* room for 3 GB, and run"
    with pytest.raises(FarmError, match=message), disk_errors("it", "3 GB"):
        raise OSError(28, os.strerror(28))


def test_a_sink_appends_and_says_where_it_is() -> None:
    file = TemporaryFile()
    sink = Sink(file)
    assert sink.write(memoryview(b"one")) == 3
    assert sink.write(b"two") == 3
    assert sink.tell() == 6
    sink.flush()
    assert not sink.closed
    sink.close()
    assert sink.closed
    with file.open() as body:
        assert body.read() == b"onetwo"


def test_a_temporary_file_tells_the_digests_of_its_content() -> None:
    file = TemporaryFile()
    file.write(b"content")
    assert file.md5() == hashlib.md5(b"content", usedforsecurity=False).hexdigest()
    assert file.sha256() == hashlib.sha256(b"content").hexdigest()


def test_sections_of_one_file_are_read_each_by_itself() -> None:
    file = TemporaryFile()
    first = Section(file)
    first.write(b"one")
    first.write(b"two")
    second = Section(file)
    second.write(b"three")
    assert (first.open().read(), second.open().read()) == (b"onetwo", b"three")
    assert (first.bytes, second.md5()) == (6, hashlib.md5(b"three", usedforsecurity=False).hexdigest())
    assert Section(file).open().read() == b""
