"""How Discord says no: a status, a code of its own, and for a form what is wrong where."""

from __future__ import annotations

from typing import Any

from tests.platforms.discord.things import Json

WORDS = {
    0: "401: Unauthorized",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10013: "Unknown User",
    10014: "Unknown Emoji",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    30010: "Maximum number of reactions reached (20)",
    30032: "Maximum number of application commands reached",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50003: "Cannot execute action on a DM channel",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50016: "You can only bulk delete between 2 and 100 messages.",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50033: "Invalid Recipient(s)",
    50034: "You can only bulk delete messages that are under 14 days old.",
    50083: "Thread is archived",
    50109: "The request body contains invalid JSON.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
}
STATUS = {
    0: 401,
    40005: 413,
    50001: 403,
    160002: 403,
    50003: 403,
    50005: 403,
    50007: 403,
    50013: 403,
    50027: 401,
    **dict.fromkeys((10003, 10004, 10007, 10008, 10013, 10015, 10062, 10063), 404),
}


class Refused(Exception):
    """A request that Discord does not do.

    Args:
        code: Discord's own, from which status and words follow.
        body: what is said besides.
    """

    def __init__(self, code: int, **body: Any) -> None:
        self.status = STATUS.get(code, 400)
        self.body: Json = {"message": WORDS.get(code, "Invalid Form Body"), "code": code, **body}
        super().__init__(f"{self.status} {self.body}")


class Form:
    """Collects what is wrong with the fields of a body, so that all of it is told at once."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def wrong(self, where: str, code: str, message: str) -> None:
        """Note a fault of a field, which is named like `embeds.0.title`."""
        place = self._errors
        for part in where.split("."):
            place = place.setdefault(part, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, where: str, text: object, most: int) -> None:
        """Note a text that is longer than allowed; whatever is no text is none of this one's business."""
        if isinstance(text, str) and len(text) > most:
            self.wrong(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def required(self, where: str, value: object) -> None:
        """Note a field that is missing or empty."""
        if value in (None, "", [], {}):
            self.wrong(where, "BASE_TYPE_REQUIRED", "This field is required")

    def check(self) -> None:
        """Refuse the form when anything was wrong with it."""
        if self._errors:
            raise Refused(50035, errors=self._errors)


def invalid(where: str, code: str, message: str) -> Refused:
    """Return the refusal of a form in which one thing is wrong."""
    form = Form()
    form.wrong(where, code, message)
    return Refused(50035, errors=form._errors)
