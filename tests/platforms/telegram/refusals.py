"""What Telegram says when it refuses, word for word."""

from __future__ import annotations

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
NO_REPLIED = "message to be replied not found"
NO_THREAD = "message thread not found"


class Refused(Exception):
    """A request that is not granted.

    Args:
        code: of HTTP, and `error_code` of the answer.
        description: what the answer says.
        parameters: `retry_after`, `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def answer(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, **parameters: int) -> Refused:
    """Return a 400."""
    return Refused(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refused:
    """Return a 403."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """Return a 409."""
    return Refused(409, f"Conflict: {description}")


def too_many(seconds: int) -> Refused:
    """Return a 429 that says when to come again."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
