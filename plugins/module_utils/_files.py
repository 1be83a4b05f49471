# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: written whole or not at all, compared, and temporary ones that leave nothing behind."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5, sha256
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ._errors import FarmError

if TYPE_CHECKING:
    import hashlib

_STEP_BYTES = 1 << 20


def write_atomically(path: Path, content: bytes, mode: int = 0o600, *, durable: bool = False) -> None:
    """Write the file so that a reader sees the old content or the new.

    Args:
        path: the file.
        content: all of it.
        mode: its permissions.
        durable: whether that has to hold after a power cut too, which would leave an empty file; it takes a while.

    Raises:
        OSError: the file cannot be written; the old one is as it was.
    """
    copy_atomically(path, io.BytesIO(content), mode, durable=durable)


def copy_atomically(path: Path, source: BinaryIO, mode: int, *, durable: bool = False) -> None:
    """Write the rest of ``source`` to the file, as :func:`write_atomically` does.

    Raises:
        OSError: the file cannot be written; the old one is as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(source, file, _STEP_BYTES)
            os.fchmod(file.fileno(), mode)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            _sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def same_content(one: BinaryIO, other: BinaryIO) -> bool:
    """Return whether what is left of both is the same, byte for byte."""
    while True:
        step = one.read(_STEP_BYTES)
        if step != other.read(_STEP_BYTES):
            return False
        if not step:
            return True


class TemporaryFile:
    """A file without a name in ``TMPDIR``: nothing is left of it, however this process ends."""

    def __init__(self, path: Path | None = None) -> None:
        """Make an empty one, or take the file at ``path`` over, which is there no more; raises :class:`OSError`."""
        # What another process has written is not copied: it may be as large as what is left of the disk.
        self._file = tempfile.TemporaryFile(buffering=0) if path is None else path.open("r+b", buffering=0)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self.bytes = self._file.seek(0, os.SEEK_END)
        if path is not None:
            path.unlink()

    def write(self, content: bytes) -> None:
        """Append; raises :class:`OSError` where the disk is full."""
        write_all(self._file, content)
        self.bytes += len(content)

    def open(self) -> BinaryIO:
        """Return a reader from the start that has a position of its own and stays when this is gone."""
        return self.path.open("rb")

    @property
    def path(self) -> Path:
        """A path by which this process can open it, for libraries that ask for one."""
        return Path(f"/proc/{os.getpid()}/fd/{self._file.fileno()}")

    def md5(self) -> str:
        """Return the MD5 of its content in hexadecimal digits, by which S3 names most objects' versions."""
        return self._digest(md5(usedforsecurity=False))

    def sha256(self) -> str:
        """Return the SHA-256 of its content in hexadecimal digits."""
        return self._digest(sha256())

    def _digest(self, digest: hashlib._Hash) -> str:
        with self.open() as file:
            while step := file.read(_STEP_BYTES):
                digest.update(step)
        return digest.hexdigest()


class Section:
    """The part of a temporary file that is written from now on, until another section of it begins.

    Thousands of them are one open file, where each as a file of its own would be past a process's limit of these.
    """

    def __init__(self, file: TemporaryFile) -> None:
        """Begin where ``file`` ends."""
        self._file = file
        self._start = file.bytes
        self.bytes = 0

    def write(self, content: bytes) -> None:
        """Append; raises :class:`OSError` where the disk is full."""
        self._file.write(content)
        self.bytes += len(content)

    def open(self) -> BinaryIO:
        """Return its content, in memory."""
        with self._file.open() as file:
            file.seek(self._start)
            return io.BytesIO(file.read(self.bytes))

    def md5(self) -> str:
        """Return the MD5 of its content, see :meth:`TemporaryFile.md5`."""
        return md5(self.open().read(), usedforsecurity=False).hexdigest()


class Sink:
    """A temporary file as pyarrow writes to it."""

    def __init__(self, file: TemporaryFile) -> None:
        """Append to ``file``."""
        self._file = file
        self.closed = False

    def write(self, content: Any) -> int:
        """Append; raises :class:`OSError` where the disk is full."""
        self._file.write(bytes(content))
        return len(content)

    def tell(self) -> int:
        """Return how many bytes there are."""
        return self._file.bytes

    def flush(self) -> None:
        """Nothing waits to be written."""

    def close(self) -> None:
        """Be closed; the file stays."""
        self.closed = True


def write_all(file: FileIO, content: bytes) -> None:
    """Write all of it to an unbuffered file; a disk that becomes full takes a part first.

    Raises:
        OSError: the disk is full.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


@contextmanager
def disk_errors(what: str, room: str) -> Iterator[None]:
    """Turn a full disk into an error that says where it is full.

    Args:
        what: could not be kept.
        room: what the folder must have room for.

    Raises:
        FarmError: in the place of an :class:`OSError`.
    """
    try:
        yield
    except OSError as error:
        raise FarmError(
            f"Cannot keep {what} in {tempfile.gettempdir()}: {error.strerror}. Free space there, or set TMPDIR to a "
            f"folder that has room for {room}, and run the command again."
        ) from error
