"""What a platform is to the rest of the program: photos are fetched from it and answered in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import Photo, Unsaid


class Later(Exception):
    """The platform is to be asked again after some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


class Gone(Exception):
    """The message is there no more: what it brought is to be erased."""


class Barred(Exception):
    """We may not do that here; there is no use in trying again, and nothing is erased."""


class Adapter(Protocol):
    """Brings photos in from one platform and answers out.  One that is at rest costs nothing."""

    @property
    def status(self) -> str:
        """Return "online", or why not: "connecting", "offline", "bad-token", "conflict", "no-intents"."""
        ...

    async def start(self) -> None:
        """Begin to connect, without waiting for it; a bad token is a status, not an error."""
        ...

    async def stop(self) -> None:
        """Take nothing more in and leave no task behind, within 3 s."""
        ...

    async def fetch(self, photo: Photo) -> bytes:
        """Return the file of a photo.

        Raises:
            Later, Gone, Barred: see there.
            BadPhoto: it is larger than what is read.
        """
        ...

    async def send(self, photos: Sequence[Photo]) -> str:
        """Answer one photo or a whole album and return our message ids, separated by spaces.

        Raises:
            Later, Gone, Barred: see there.
        """
        ...

    async def unsay(self, unsaid: Unsaid) -> None:
        """Delete an answer of ours; what is gone already is fine.

        Raises:
            Later: see there.
        """
        ...
