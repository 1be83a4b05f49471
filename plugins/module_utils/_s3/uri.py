# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``s3://bucket/key`` as a value."""

from __future__ import annotations

from typing import NamedTuple

from .._errors import FarmError

_SCHEME = "s3://"
# S3's limit, in bytes of UTF-8.
_MAX_KEY_BYTES = 1024


class S3Uri(NamedTuple):
    """A bucket and a key (or key prefix); the key has no leading slash and may be empty."""

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> S3Uri:
        """Return the parts of ``text``.

        Raises:
            FarmError: ``text`` is not ``s3://<bucket>[/<key>]``.
        """
        bucket, _slash, key = text.removeprefix(_SCHEME).partition("/")
        if not text.startswith(_SCHEME) or not bucket:
            raise FarmError(f"{text!r} is not an S3 address: write it as s3://<bucket>/<key>.")
        return cls(bucket, key)

    def join(self, *parts: str) -> S3Uri:
        """Return the address of ``parts`` below this prefix.

        Folders are put together with single slashes; the last part is kept letter by letter, as two
        keys that differ only in slashes are two objects.
        """
        *folders, name = parts
        below = [part.strip("/") for part in (self.key, *folders)]
        return S3Uri(self.bucket, "/".join([*filter(None, below), name]))

    @property
    def can_exist(self) -> bool:
        """Whether S3 can have such a key: it is short enough, and UTF-8, so without surrogates."""
        try:
            return len(self.key.encode()) <= _MAX_KEY_BYTES
        except UnicodeEncodeError:
            return False

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"
