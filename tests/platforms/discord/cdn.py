"""The servers of files: addresses that are signed and expire, and what they serve."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import quote

from tests.platforms.discord.things import Attachment, Channel

SECRET = b"stand-in"
GONE = "This content is no longer available."


@dataclass(slots=True)
class Cdn:
    """Signs the addresses of attachments and knows which of them are still good."""

    origin: str = ""
    seconds: float = 24 * 3600.0  # that an address is good for

    def address(self, channel: Channel, file: Attachment) -> str:
        """Return a fresh address of an attachment."""
        path = f"/attachments/{channel.id}/{file.id}/{quote(file.filename)}"
        return f"{self.origin}/cdn{path}?{self._signature(path)}"

    def proxied(self, channel: Channel, file: Attachment) -> str:
        """Return the address of an attachment at the proxy for pictures."""
        path = f"/attachments/{channel.id}/{file.id}/{quote(file.filename)}"
        return f"{self.origin}/media{path}?{self._signature(path)}"

    def external(self, name: str) -> str:
        """Return the address under which the proxy has a picture of another site."""
        return f"{self.origin}/media/external/{name}"

    def is_good(self, path: str, query: dict[str, str]) -> bool:
        """Tell whether an address is signed by us and has not expired."""
        try:
            until, signature = int(query["ex"], 16), query["hm"]
            written = self._sign(path, query["ex"], query["is"])
        except (KeyError, ValueError):
            return False
        return hmac.compare_digest(signature, written) and time.time() < until

    def _signature(self, path: str) -> str:
        now = time.time()
        expires, issued = f"{int(now + self.seconds):x}", f"{int(now):x}"
        return f"ex={expires}&is={issued}&hm={self._sign(path, expires, issued)}&"

    @staticmethod
    def _sign(path: str, expires: str, issued: str) -> str:
        return hmac.new(SECRET, f"{path} {expires} {issued}".encode(), hashlib.sha256).hexdigest()
