"""A photo as the page reads it, and what a request may say."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from aiohttp import web

from bot.adapters.web.errors import Refused
from bot.answers import failure
from bot.app import may_be_marked
from bot.texts import say
from bot.wire import found_object
from models.records import ChatRules, Language, Place
from storage.records import Photo

PLATFORM = "web"
SERVER = "local"
HOME = "home"  # the chat that `/` opens

MAX_NAME, MAX_TEXT, MAX_CHAT = 40, 1000, 40
CHAT = re.compile(rf"[\w-]{{1,{MAX_CHAT}}}")
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by name that nobody sees
# Control signs and the ones that turn the direction of what follows; a line break may stay.
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def place_of(chat: str) -> Place:
    """Return the place of a chat.

    Raises:
        Refused: it has no possible name.
    """
    chat = composed(chat)
    if not CHAT.fullmatch(chat):
        raise Refused("bad-chat", 400, most=MAX_CHAT)
    return Place(PLATFORM, SERVER, chat)


def composed(text: str) -> str:
    """Return a text in composed form: what looks the same is the same (macOS decomposes Hangul)."""
    return unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """Return what somebody typed without signs that nobody sees.

    Raises:
        Refused: it is too long.
    """
    text = UNSEEN.sub("", composed(text)).strip()
    if len(text) > MAX_TEXT:
        raise Refused("long-text", 400, found=len(text), most=MAX_TEXT)
    return text


def clean_name(name: str) -> str:
    """Return the name of a person.

    Raises:
        Refused: it is empty or too long.
    """
    name = " ".join(UNSEEN.sub("", composed(name)).split())
    is_seen = any(unicodedata.category(sign)[0] not in "CZ" and sign not in FILLERS for sign in name)
    if not is_seen or len(name) > MAX_NAME:
        raise Refused("bad-name", 400, most=MAX_NAME)
    return name


def number_of(request: web.Request, name: str, default: int, most: int) -> int:
    """Return a number of the query, within 0 and `most`.

    Raises:
        Refused: it is none.
    """
    given = request.query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise Refused("bad-request", 400, found=f"{name}={given[:20]}", allowed=f"{name}: 0–{most}")
    return min(int(given), most)


def state_of(photo: Photo) -> str:
    """Return how far a photo is, in the page's words."""
    if photo.state in ("answered", "quarantined"):
        return photo.state
    return "looking" if photo.flight or photo.state == "analysed" else "waiting"


def photo_object(
    photo: Photo, rules: ChatRules, language: Language, place: int | None = None
) -> dict[str, Any]:
    """Return the JSON of a photo; `place` is how many are before it while it waits."""
    is_answered = photo.state in ("analysed", "answered") and photo.analysis is not None
    found = found_object(photo.analysis) if photo.analysis and not photo.is_hidden else {}
    seconds = photo.analysis.seconds if photo.analysis else {}
    return {
        "objects": [],
        "faces": [],
        "caption": "",
        "models": [],
        "seconds": {},
        **found,
        "degraded": list(_missing(photo)),
        "id": photo.id,
        "seq": photo.seq,
        "author": photo.author.name,
        "text": photo.text,
        "sent_at": photo.sent_at.isoformat(timespec="milliseconds"),
        "state": state_of(photo),
        "place": place,
        "width": photo.width,
        "height": photo.height,
        "comment": photo.analysis.comment if photo.analysis and not photo.is_hidden else "",
        "notes": [say(language, f"note-{part}") for part in _missing(photo)],
        "has_marked": bool(is_answered and photo.analysis and may_be_marked(photo.analysis, rules)),
        "total_seconds": round(_total(seconds), 4),
        "message": _message(photo, language),
        "is_hidden": photo.is_hidden,
    }


def _total(seconds: dict[str, float]) -> float:
    """Return how long an answer took: its parts look side by side, between opening and writing."""
    beside = [taken for stage, taken in seconds.items() if stage not in ("decode", "write")]
    return seconds.get("decode", 0.0) + max(beside, default=0.0) + seconds.get("write", 0.0)


def _missing(photo: Photo) -> tuple[str, ...]:
    """Return what is missing from an answer, and that the file was damaged."""
    parts = photo.analysis.degraded if photo.analysis else ()
    is_told = "partial" in parts
    return (*parts, "partial") if photo.is_partial and photo.analysis and not is_told else parts


def _message(photo: Photo, language: Language) -> str | None:
    if photo.is_hidden:
        return say(language, "notice-unsafe")
    return failure(photo, language) if photo.state == "quarantined" else None
