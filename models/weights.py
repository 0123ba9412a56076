"""Weights on this machine: found, verified by sha256, fetched from the first source that has them.

Nothing is fetched while a photo waits: fetching is what `chalkak models fetch` does, and a model
whose weights are absent is an error that names that command.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from models.errors import WeightsCorrupt, WeightsMissing
from models.registry import Entry, Registry
from models.sources import Progress, SourceError, bring, own_path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Weights:
    """The files of a registry in a cache folder.

    Args:
        registry: what there is.
        cache: folder for what was fetched; it may not exist yet.
        is_offline: never ask any network source.
    """

    def __init__(self, registry: Registry, cache: Path, *, is_offline: bool = False) -> None:
        self.registry = registry
        self._cache = cache
        self._is_offline = is_offline

    def place(self, entry: Entry) -> Path | None:
        """Return where a file lies on this machine, unverified, or None."""
        return next(iter(self._places(entry)), None)

    def verified(self, entry: Entry) -> Path:
        """Return the path of a file whose bytes are exactly those of the registry.

        Raises:
            WeightsMissing: it is not on this machine.
            WeightsCorrupt: it is, with other bytes.
        """
        places = self._places(entry)
        for path in places:
            if sha256_of(path) == entry.sha256:
                return path
        advice = f"run: chalkak models fetch {entry.key}"
        if not places:
            raise WeightsMissing(f"{entry.key} is not on this machine, {advice}", name=entry.key)
        message = f"{places[0]} does not have the registry's sha256 {entry.sha256[:12]}…; {advice}"
        raise WeightsCorrupt(message, name=entry.key)

    def _places(self, entry: Entry) -> list[Path]:
        """Return every copy of a file on this machine: our own checkout's, then the cache's."""
        own = [own_path(source) for source in entry.sources if source.kind == "own"]
        return [path for path in (*own, self._cache / entry.key / entry.name) if path.is_file()]

    def resolve(self, role: str) -> Entry | None:
        """Return the first entry of a role that is on this machine, or None."""
        return next((entry for entry in self.registry.role(role) if self.place(entry)), None)

    def is_whole(self, entry: Entry) -> bool:
        """Return whether a file is here with the right bytes."""
        try:
            self.verified(entry)
        except (WeightsMissing, WeightsCorrupt):
            return False
        return True

    def fetch(self, entry: Entry, progress: Progress = lambda _: None) -> Path:
        """Return the verified path of a file, bringing it from its sources where it is absent.

        Raises:
            WeightsMissing: no source gave it; the message tells what each said and what to do.
            OSError: the cache folder cannot be written.
        """
        if self.is_whole(entry):
            return self.verified(entry)
        with self._alone(entry):
            return self.verified(entry) if self.is_whole(entry) else self._bring(entry, progress)

    def _bring(self, entry: Entry, progress: Progress) -> Path:
        said: list[str] = []
        for source in entry.sources:
            if source.kind == "own":
                said.append(f"{source}: absent, or not the registered bytes")
                continue
            if self._is_offline:
                said.append(f"{source}: skipped, CHALKAK_OFFLINE is set")
                continue
            try:
                with self._workplace(entry) as folder:
                    return self._keep(entry, bring(entry, source, folder, progress))
            except (SourceError, WeightsCorrupt) as error:
                said.append(str(error))
        raise WeightsMissing(self._advice(entry, said), name=entry.key)

    @contextlib.contextmanager
    def _alone(self, entry: Entry) -> Iterator[None]:
        """One fetch of a file at a time, in this and all processes; who waited finds it there."""
        folder = self._cache / entry.key
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _workplace(self, entry: Entry) -> Iterator[Path]:
        """A folder that survives a broken download, so that the next try resumes it."""
        folder = self._cache / "incoming" / entry.key
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        shutil.rmtree(folder)  # only after success

    def _keep(self, entry: Entry, brought: Path) -> Path:
        found = sha256_of(brought)
        if found != entry.sha256:
            shutil.rmtree(brought.parent)  # also the package it came in: the next try starts afresh
            message = f"{entry.name} came with sha256 {found[:12]}…, wanted {entry.sha256[:12]}…"
            raise WeightsCorrupt(message, name=entry.key)
        target = self._cache / entry.key / entry.name
        with brought.open("rb") as file:
            os.fsync(file.fileno())
        brought.replace(target)
        return target

    def _advice(self, entry: Entry, said: list[str]) -> str:
        lines = "".join(f"\n  - {line}" for line in said)
        return (
            f"{entry.key} could not be fetched:{lines}\n"
            f"Go online and run `chalkak models fetch {entry.key}` again, or put the file "
            f"{entry.name} (sha256 {entry.sha256[:12]}…) into {self._cache / entry.key}."
        )
