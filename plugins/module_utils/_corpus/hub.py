# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dataset in a repository of a Hugging Face hub: what differs from S3 is uploaded, and becomes one commit.

Files go up one by one, so that no disk has to hold more than one. The hub keeps those of a run that was interrupted,
and takes no second copy of them.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from .._errors import FarmError, NotYetError
from .._files import TemporaryFile
from .._records.names import number_of_dataset_object
from .._s3.files import download
from .._s3.objects import read_bytes_if_exists
from .._s3.uri import S3Uri
from .dataset import CARD, MANIFEST

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOG = logging.getLogger(__name__)

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
# What a header of HTTP takes. A message of what it refuses has the token, written in another way.
_TOKEN = re.compile(r"[!-~]+")
_KIND = "dataset"


@dataclass(frozen=True)
class HubOptions:
    """Where a dataset goes.

    Attributes:
        repository: as ``organisation/name``.
        private: whether it is made private where it is not there; one that is there stays what it is.
        endpoint: address of the hub; empty for the one that ``HF_ENDPOINT`` names, or else huggingface.co.

    Raises:
        FarmError: the repository is named otherwise.
    """

    repository: str
    private: bool = True
    endpoint: str = ""

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository):
            raise FarmError(f"{self.repository!r} names no repository: give it as organisation/name.")


@dataclass(frozen=True)
class Uploaded:
    """What was done.

    Attributes:
        changed: whether the repository is, or in check mode would be, another than before.
        created: whether it was not there.
        uploaded: files that differed.
        bytes: of these.
        deleted: files of a dataset that had more.
        commit: the repository's newest; empty in check mode where there is none.
    """

    changed: bool
    created: bool
    uploaded: int
    bytes: int
    deleted: int
    commit: str


def token_of(secret: str, name: str) -> str:
    """Return the token that the text of a secret is, without white space around it.

    Raises:
        FarmError: it cannot be one; the message does not have it.
    """
    token = secret.strip()
    if not _TOKEN.fullmatch(token):
        raise FarmError(
            f"The secret {name} holds no token of a hub: it must be the token alone, in one line of printable ASCII "
            "without spaces. Store it again."
        )
    return token


def upload_dataset(
    client: S3Client, folder: S3Uri, options: HubOptions, token: str, *, check_mode: bool = False
) -> Uploaded:
    """Have the dataset in the repository.

    Args:
        client: of the S3 that has it.
        folder: of the dataset.
        options: which repository.
        token: by :func:`token_of`, may write there. No message has it.
        check_mode: look at the repository, and write nothing.

    Raises:
        NotYetError: there is no dataset.
        FarmError: the hub cannot be reached, refuses the token or the upload, or the dataset changes meanwhile.
        S3Error: S3 could not be read.
    """
    return _Upload(client, folder, options, token).run(check_mode=check_mode)


def require_token(client: S3Client, folder: S3Uri, options: HubOptions, token: str) -> None:
    """Check that the hub answers, and knows the token; the dataset need not be there yet.

    Args:
        client: see :func:`upload_dataset`; likewise the others.

    Raises:
        FarmError: it does not.
    """
    _Upload(client, folder, options, token).ask_whose_token()


class _Upload:
    """One run."""

    def __init__(self, client: S3Client, folder: S3Uri, options: HubOptions, token: str) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        self._client = client
        self._folder = folder
        self._options = options
        self._token = token
        self._api = HfApi(endpoint=options.endpoint or None, token=token)
        # Content that the commit itself carries.
        self._held: list[TemporaryFile] = []

    def ask_whose_token(self) -> None:
        with self._errors("ask whose token it is"):
            self._api.whoami()

    def run(self, *, check_mode: bool) -> Uploaded:
        manifest = self._small(MANIFEST)
        small = {CARD: self._small(CARD), MANIFEST: manifest}
        listed = self._listed(manifest)
        self.ask_whose_token()
        head = self._head()
        present = {} if head is None else self._present(head)
        wanted = [each for each in listed if not self._is_there(each, present)]
        others = {name: body for name, body in small.items() if not _is_blob(body, present.get(name))}
        names = {str(each["name"]) for each in listed} | small.keys()
        stale = [name for name in present if name not in names and self._is_of_dataset(name)]
        is_new = head is None
        changed = bool(is_new or wanted or others or stale)
        if changed and not check_mode:
            head = self._commit(head, wanted, others, stale)
        size = sum(int(each["bytes"]) for each in wanted) + sum(map(len, others.values()))
        return Uploaded(changed, is_new, len(wanted) + len(others), size, len(stale), head or "")

    def _small(self, name: str) -> bytes:
        body = read_bytes_if_exists(self._client, self._folder.join(name))
        if body is None:
            raise NotYetError(
                f"{self._folder.join(name)} is missing: there is no dataset to upload yet. Collect it first."
            )
        return body

    def _listed(self, manifest: bytes) -> list[dict[str, Any]]:
        try:
            return [
                {"name": str(each["name"]), "bytes": int(each["bytes"]), "sha256": str(each["sha256"])}
                for each in json.loads(manifest)["files"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise FarmError(
                f"{self._folder.join(MANIFEST)} is no manifest of a dataset ({error!r}): collect it again."
            ) from error

    def _head(self) -> str | None:
        """Return the repository's newest commit, ``None`` where there is no repository."""
        from huggingface_hub.errors import RepositoryNotFoundError

        with self._errors("look at"):
            try:
                return str(self._api.repo_info(self._options.repository, repo_type=_KIND).sha)
            except RepositoryNotFoundError:
                return None

    def _present(self, head: str) -> dict[str, Any]:
        """Return what the hub says of each file, by its path."""
        with self._errors("list"):
            tree = self._api.list_repo_tree(self._options.repository, recursive=True, revision=head, repo_type=_KIND)
            # Folders have no blob.
            return {each.path: each for each in tree if hasattr(each, "blob_id")}

    def _is_there(self, listed: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
        found = present.get(listed["name"])
        if found is None:
            return False
        if found.lfs is not None:
            return bool(found.lfs.sha256 == listed["sha256"])
        # A file so small that the hub has it in the repository itself.
        return bool(found.size == listed["bytes"]) and _is_blob(_content(self._fetch(listed)), found)

    def _fetch(self, listed: Mapping[str, Any]) -> TemporaryFile:
        uri = self._folder.join(listed["name"])
        file = download(self._client, uri)
        if file.sha256() != listed["sha256"]:
            raise FarmError(f"{uri} is another than {MANIFEST} tells: collect the dataset again, then upload it.")
        return file

    def _is_of_dataset(self, name: str) -> bool:
        return number_of_dataset_object(self._folder, self._folder.join(name)) is not None

    def _commit(
        self,
        head: str | None,
        wanted: Iterable[Mapping[str, Any]],
        others: Mapping[str, bytes],
        stale: Iterable[str],
    ) -> str:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        repository = self._options.repository
        if head is None:
            with self._errors("make"):
                self._api.create_repo(repository, repo_type=_KIND, private=self._options.private, exist_ok=True)
            head = self._head()
        operations: list[Any] = [self._send(each, head) for each in wanted]
        operations += [CommitOperationAdd(name, body) for name, body in others.items()]
        operations += [CommitOperationDelete(name) for name in stale]
        with self._errors("commit to"):
            made = self._api.create_commit(
                repository,
                operations,
                commit_message=f"Dataset {self._folder.key.rstrip('/').rpartition('/')[2]}",
                repo_type=_KIND,
                # What somebody else has committed meanwhile is not written over.
                parent_commit=head,
            )
        return str(made.oid)

    def _send(self, listed: Mapping[str, Any], head: str | None) -> Any:
        """Upload a file, and return what the commit is to say of it."""
        from huggingface_hub import CommitOperationAdd

        name, file = listed["name"], self._fetch(listed)
        with self._errors(f"upload {name} to"):
            addition = CommitOperationAdd(name, file.path)
            self._api.preupload_lfs_files(self._options.repository, [addition], repo_type=_KIND, revision=head)
        # What it has taken it lets go of.
        if addition.path_or_fileobj != b"":
            self._held.append(file)
        LOG.info("uploaded %s, %.1f MB", name, file.bytes / 1e6)
        return addition

    @contextmanager
    def _errors(self, action: str) -> Iterator[None]:
        try:
            yield
        except FarmError:
            raise
        # Which classes the library raises changes with the HTTP library that its version has.
        except Exception as error:
            causes = list(_causes(error))
            status = next(filter(None, map(_status, causes)), 0)
            hint = {
                401: "The hub does not know the token: store a present one in the secret.",
                403: "The token may not do that: it needs the right to write to this repository.",
                412: "Somebody else has committed there meanwhile: run this again.",
            }.get(status, "Run this again, and what is there already is not sent again.")
            said = " ".join(" ".join(map(_said, causes)).split())
            raise FarmError(
                f"Cannot {action} {self._options.repository} on {self._api.endpoint}: "
                f"{said.replace(self._token, '***')} {hint}"
            ) from None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().rstrip('.')}."


def _status(error: BaseException) -> int:
    """Return the hub's status, 0 where it gave none."""
    return int(getattr(getattr(error, "response", None), "status_code", 0))


def _content(file: TemporaryFile) -> bytes:
    with file.open() as opened:
        return opened.read()


def _is_blob(body: bytes, found: Any) -> bool:
    """Return whether the file of the repository has this content, by the digest that git has of it."""
    digest = sha1(b"blob %d\x00" % len(body) + body, usedforsecurity=False).hexdigest()
    return found is not None and found.lfs is None and found.blob_id == digest
