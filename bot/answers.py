"""What an answer says and shows in a chat; the same for every platform.

One photo has its comment and its marked copy.  An album has one answer: the comment on its richest
photo, what is on all of them, every marked copy.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.app import App, may_be_marked
from bot.texts import say
from models.labels import label
from models.records import Analysis, ChatRules, Language
from storage.records import Photo
from storage.store import Store

DRAWING = 2  # pictures in memory at one time
SHRINK = 0.75  # of the sides, until a picture is small enough to send
THINGS = 4  # named of an album
ALT = 1024  # characters of an alt text
NOTE_SECONDS = 3_600.0  # between two notes that a part is missing, in one chat


@dataclass(frozen=True, slots=True)
class Picture:
    """A marked copy as it is sent: a JPEG, its alt text, and whether it stays behind a cover."""

    name: str
    jpeg: bytes
    alt: str
    is_spoiler: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes to a chat.  The text has no markup; there may be no pictures."""

    text: str
    pictures: tuple[Picture, ...]
    language: Language


class Answers:
    """Composes answers.

    Args:
        store: has the clean pictures.
        app: draws on them.
        rules: what the chat of a photo has decided.
    """

    def __init__(self, store: Store, app: App, rules: Callable[[Photo], ChatRules]) -> None:
        self._store, self._app, self._rules = store, app, rules
        self._drawing = asyncio.Semaphore(DRAWING)
        self._noted: dict[int, float] = {}  # scope → when a missing part was last spoken of

    async def reply(self, photos: Sequence[Photo], *, most_bytes: int, all_bytes: int) -> Reply:
        """Return the answer to one photo or to an album.

        No picture has more than `most_bytes`, all together not more than `all_bytes`.
        """
        most = min(most_bytes, all_bytes // max(1, len(photos)))
        drawn = [await self._picture(photo, number, most) for number, photo in enumerate(photos, 1)]
        pictures = tuple(picture for picture in drawn if picture)
        return Reply(self._text(photos), pictures, photos[0].language)

    # Words

    def _text(self, photos: Sequence[Photo]) -> str:
        lines = [_alone(photos[0]) if len(photos) == 1 else _album(photos)]
        language = photos[0].language
        if any(photo.is_first_frame and _is_shown(photo) for photo in photos):
            lines.append(say(language, "note-first-frame"))
        said = [line for line in (*lines, *self._notes(photos)) if line]
        return "\n".join(said) or say(language, "note-comment")  # no platform takes an empty message

    def _notes(self, photos: Sequence[Photo]) -> list[str]:
        """Return what is missing from an answer, at most once an hour in a chat."""
        degraded = {part for photo in photos if photo.analysis for part in photo.analysis.degraded}
        degraded |= {"partial" for photo in photos if photo.is_partial}
        last = self._noted.get(photos[0].scope)
        if not degraded or (last is not None and time.monotonic() - last < NOTE_SECONDS):
            return []
        self._noted[photos[0].scope] = time.monotonic()
        return [say(photos[0].language, f"note-{part}") for part in sorted(degraded)]

    # Pictures

    async def _picture(self, photo: Photo, number: int, most: int) -> Picture | None:
        rules = self._rules(photo)
        if not _is_shown(photo) or photo.analysis is None or not may_be_marked(photo.analysis, rules):
            return None
        async with self._drawing:
            jpeg = await self._store.picture(photo.id)
            if jpeg is None:
                return None  # deleted meanwhile
            marked = await self._marked(jpeg, photo.analysis, photo.language, most)
        alt = cut(photo.analysis.caption or say(photo.language, "alt-unknown"), ALT)
        return Picture(f"chalkak-{number}.jpg", marked, alt, photo.is_spoiler)

    async def _marked(self, jpeg: bytes, analysis: Analysis, language: Language, most: int) -> bytes:
        marked = await self._app.mark(await self._app.reopen(jpeg), analysis, language)
        while len(marked) > most:
            large = await self._app.reopen(marked)
            marked = await self._app.small(large, round(max(large.image.size) * SHRINK))
        return marked


def _is_shown(photo: Photo) -> bool:
    return photo.analysis is not None and not photo.is_hidden


def _alone(photo: Photo) -> str:
    if photo.state in ("refused", "quarantined"):
        return failure(photo, photo.language)
    if photo.is_hidden or photo.analysis is None:
        return say(photo.language, "notice-unsafe")
    return photo.analysis.comment


def failure(photo: Photo, language: Language) -> str:
    """Return why a photo has no answer."""
    try:
        return say(language, f"error-{photo.error}", **photo.error_data)
    except LookupError:  # it wants a value that was not kept
        return say(language, "error-quarantined")


def _album(photos: Sequence[Photo]) -> str:
    """Return one text about several photos; those that could not be shown are counted, not hidden."""
    language = photos[0].language
    shown = [photo for photo in photos if _is_shown(photo)]
    refused = sum(photo.state in ("refused", "quarantined") for photo in photos)
    hidden = len(photos) - len(shown) - refused
    lines = [_alone(shown[0])] if shown else []
    if len(shown) > 1:
        richest = max(shown, key=_richness)
        things = ", ".join(_things(shown, language))
        named: dict[str, str | float] = {"comment": _alone(richest), "count": len(shown)}
        named["missing"] = len(photos) - len(shown)
        if things:
            lines = [say(language, "album-things", things=things, **named)]
        else:
            lines = [say(language, "album-answer", **named)]
    if hidden:
        lines.append(say(language, "unsafe-in-album" if shown else "notice-unsafe", count=hidden))
    lines += [say(language, "refused-in-album", count=refused)] if refused else []
    return "\n".join(lines)


def _richness(photo: Photo) -> tuple[int, float]:
    """Return how much there is to say about a photo: kinds of things, then how surely they are there."""
    boxes = photo.analysis.boxes if photo.analysis else ()
    return len({box.label_id for box in boxes}), sum(box.score for box in boxes)


def _things(photos: Sequence[Photo], language: Language) -> list[str]:
    """Return what is on most of the photos, and on how many."""
    counts = Counter(
        number
        for photo in photos
        if photo.analysis
        for number in {box.label_id for box in photo.analysis.boxes}
    )
    seen = [(label(number), count) for number, count in counts.most_common()]
    named = [(one, count) for one, count in seen if one.is_spoken][:THINGS]
    return [
        say(language, "album-thing", name=one.ko if language == "ko" else one.en.lower(), count=count)
        for one, count in named
    ]


def cut(text: str, most: int, size: Callable[[str], int] = len) -> str:
    """Return a text that is no longer than `most` as `size` counts, cut after a word where it must be."""
    if size(text) <= most:
        return text
    kept = text[:most].rstrip()  # no character counts as less than one
    while kept and size(kept + "…") > most:
        shorter = kept.rsplit(maxsplit=1)[0] if " " in kept.strip() else kept[:-1]
        kept = shorter if shorter != kept else kept[:-1]
    return kept.rstrip() + "…"
