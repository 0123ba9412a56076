"""Makes a message out of a form, or changes one: its files, whom it calls, and what it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.platforms.discord.asking import Ask, Upload
from tests.platforms.discord.limits import check_form, walk
from tests.platforms.discord.permissions import Permission
from tests.platforms.discord.pictures import SPOILER, attached, cleansed
from tests.platforms.discord.refusals import Refused, invalid
from tests.platforms.discord.things import COMPONENTS_V2, SUPPRESS_EMBEDS, Attachment, Json, Message
from tests.platforms.discord.world import World

CALL = re.compile(r"<@!?(\d+)>")
ROLE_CALL = re.compile(r"<@&(\d+)>")
SENDABLE = SUPPRESS_EMBEDS | 1 << 12 | COMPONENTS_V2  # with 1 << 12 nobody's phone rings
FILE = re.compile(r"attachment://(.+)")
SHOWING = (9, 11, 12, 13)  # components that show files: section, thumbnail, gallery, file


def fill(ask: Ask, message: Message) -> None:
    """Write a form into a new message or over an old one, or refuse it."""
    fields = ask.fields
    flags = message.flags | int(fields.get("flags") or 0) & SENDABLE
    check_form(ask, flags)
    _allowed(fields)
    files = _files(ask, message)
    _check_references(fields, files)
    content = (fields["content"] or "").strip() if "content" in fields else message.content
    embeds = [_embed(one) for one in fields["embeds"] or []] if "embeds" in fields else message.embeds
    parts = _numbered(fields["components"] or []) if "components" in fields else message.components
    if not (content or embeds or files or parts):
        raise Refused(50006)
    message.content, message.embeds, message.components = content, embeds, parts
    message.attachments, message.flags = files, flags
    _hide_embedded(message)
    _call(ask.world, message, fields)


def check_sending(world: World, message: Message, fields: Json, uploads: list[Upload]) -> None:
    """Refuse what the bot may not send into a channel."""
    channel = message.channel
    if channel.recipient is not None and not channel.recipient.takes_messages:
        raise Refused(50007)
    if channel.guild is None:
        return
    world.need(channel, Permission.SEND_MESSAGES)
    if uploads:
        world.need(channel, Permission.ATTACH_FILES)
    if fields.get("embeds"):
        world.need(channel, Permission.EMBED_LINKS)


def _files(ask: Ask, message: Message) -> list[Attachment]:
    """Return the files that a message has afterwards: those kept and those new, as the form lists them."""
    listed = ask.fields.get("attachments")
    uploads = {_number(upload, place): upload for place, upload in enumerate(ask.body.uploads)}
    if listed is None:
        return [*message.attachments, *(_uploaded(ask.world, upload, {}) for upload in uploads.values())]
    kept = {file.id: file for file in message.attachments}
    files = []
    for place, entry in enumerate(listed):
        number = int(entry.get("id", -1))
        if number in uploads:
            files.append(_uploaded(ask.world, uploads.pop(number), entry))
        elif number in kept:
            files.append(_described(kept[number], entry))
        else:
            where = f"attachments.{place}.id"
            raise invalid(where, "ATTACHMENT_NOT_FOUND", f"Attachment data not found for {number}")
    return [*files, *(_uploaded(ask.world, upload, {}) for upload in uploads.values())]


def _number(upload: Upload, place: int) -> int:
    digits = re.sub(r"\D", "", upload.field)
    return int(digits) if digits else place


def _uploaded(world: World, upload: Upload, entry: Json) -> Attachment:
    name = entry.get("filename") or upload.filename
    return attached(
        world.ids.next(),
        name,
        upload.data,
        description=entry.get("description"),
        is_spoiler=bool(entry.get("is_spoiler")),
    )


def _described(file: Attachment, entry: Json) -> Attachment:
    """Return a file that stays, with what is said of it now."""
    described = replace(file, description=entry.get("description", file.description))
    if "is_spoiler" in entry:
        described.is_spoiler = bool(entry["is_spoiler"]) or file.filename.startswith(SPOILER)
    return described


def _check_references(fields: Json, files: list[Attachment]) -> None:
    """Refuse components that show a file which is not there; embeds just stay empty."""
    names = {file.filename for file in files}
    for one in walk(fields.get("components")):
        for name in _shown(one):
            if name not in names:
                text = f"The referenced attachment 'attachment://{name}' was not found"
                raise invalid("components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", text)


def _shown(part: Any) -> list[str]:
    """Return the names of the files that an embed or component shows."""
    if isinstance(part, list):
        return [name for one in part for name in _shown(one)]
    if not isinstance(part, dict):
        return []
    names = [name for key, one in part.items() if key != "components" for name in _shown(one)]
    found = FILE.fullmatch(part["url"]) if isinstance(part.get("url"), str) else None
    return [*names, cleansed(found[1])] if found else names


def _hide_embedded(message: Message) -> None:
    names = set(_shown(message.embeds))
    names |= {name for one in walk(message.components) for name in _shown(one)}
    for file in message.attachments:
        file.is_embedded = file.filename in names


def _embed(embed: Json) -> Json:
    """Return an embed as it is kept: of the kind `rich`, without what is null."""
    return {**{name: one for name, one in embed.items() if one is not None}, "type": "rich"}


def _numbered(components: list[Json]) -> list[Json]:
    """Return components that have the numbers which Discord gives to those without."""
    for number, one in enumerate(walk(components), start=1):
        one.setdefault("id", number)
    return components


def _allowed(fields: Json) -> tuple[set[str], set[int], set[int]]:
    """Return which kinds of people a form may call, and which users and roles by name."""
    allowed = fields.get("allowed_mentions")
    if allowed is None:
        return {"users", "roles", "everyone"}, set(), set()
    parse = set(allowed.get("parse") or [])
    users = {int(one) for one in allowed.get("users") or []}
    roles = {int(one) for one in allowed.get("roles") or []}
    if (users and "users" in parse) or (roles and "roles" in parse):
        code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
        raise invalid("allowed_mentions", code, "parse and an explicit list exclude each other")
    return parse, users, roles


def _call(world: World, message: Message, fields: Json) -> None:
    """Find out whom a message calls, as far as it is allowed to call them."""
    allowed = fields.get("allowed_mentions")
    parse, users, roles = _allowed(fields)
    called = [int(number) for number in CALL.findall(message.content)]
    found = [
        world.people[one] for one in called if one in world.people and ("users" in parse or one in users)
    ]
    if message.reference is not None and (allowed is None or allowed.get("replied_user")):
        found.insert(0, message.reference.author)
    message.mentions = list(dict.fromkeys(found))
    named = [int(number) for number in ROLE_CALL.findall(message.content)]
    message.mentioned_roles = [one for one in named if "roles" in parse or one in roles]
    loud = re.search(r"@(everyone|here)\b", message.content) and "everyone" in parse
    message.mentions_everyone = bool(loud) and world.may(message.channel, Permission.MENTION_EVERYONE)
