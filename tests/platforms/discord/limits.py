"""What a message may hold: lengths and counts, as Discord checks them before it takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.platforms.discord.asking import Ask
from tests.platforms.discord.refusals import Form, Refused
from tests.platforms.discord.things import COMPONENTS_V2, Json

CONTENT, FILES, DESCRIPTION, NONCE = 2000, 10, 1024, 25
EMBEDS, EMBED_TOTAL, FIELDS = 10, 6000, 25
COMPONENTS, CUSTOM_ID, LABEL, BUTTONS, ROWS, TEXTS = 40, 100, 80, 5, 5, 4000
ACTION_ROW, BUTTON, GALLERY, LINK = 1, 2, 12, 5
LENGTHS = (("title", 256), ("description", 4096))
COUNTED = ("title", "description")


def check_form(ask: Ask, flags: int) -> None:
    """Refuse a message that is too long, too many or contradicts itself."""
    fields, form = ask.fields, Form()
    if not isinstance(fields.get("content") or "", str):
        form.wrong("content", "STRING_TYPE_CONVERT", "Could not interpret as string.")
    form.too_long("content", fields.get("content"), CONTENT)
    _check_nonce(form, fields.get("nonce"))
    for index, embed in enumerate(_listed(form, "embeds", fields.get("embeds"), EMBEDS)):
        _check_embed(form, f"embeds.{index}", embed)
    for index, file in enumerate(_listed(form, "attachments", fields.get("attachments"), FILES)):
        form.too_long(f"attachments.{index}.description", file.get("description"), DESCRIPTION)
    if flags & COMPONENTS_V2:
        _check_second_version(form, fields)
    else:
        _check_rows(form, fields.get("components") or [])
    check_files(ask)
    form.check()


def check_files(ask: Ask, most: int = 10 * 2**20) -> None:
    """Refuse too many or too large files."""
    if len(ask.body.uploads) > FILES:
        form = Form()
        form.wrong("files", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
        form.check()
    if any(len(upload.data) > most for upload in ask.body.uploads):
        raise Refused(40005)


def _check_nonce(form: Form, nonce: object) -> None:
    form.too_long("nonce", nonce, NONCE)
    if not isinstance(nonce, str | int | None) or isinstance(nonce, bool):
        form.wrong("nonce", "NONCE_TYPE_INVALID", "Must be a string or an integer.")


def _listed(form: Form, where: str, value: Any, most: int) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        form.wrong(where, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if len(value) > most:
        form.wrong(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    return value


def _check_embed(form: Form, where: str, embed: Json) -> None:
    for name, most in LENGTHS:
        form.too_long(f"{where}.{name}", embed.get(name), most)
    form.too_long(f"{where}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    form.too_long(f"{where}.author.name", (embed.get("author") or {}).get("name"), 256)
    fields = _listed(form, f"{where}.fields", embed.get("fields"), FIELDS)
    for index, field in enumerate(fields):
        for name, most in (("name", 256), ("value", 1024)):
            form.required(f"{where}.fields.{index}.{name}", field.get(name))
            form.too_long(f"{where}.fields.{index}.{name}", field.get(name), most)
    if sum(map(len, _texts(embed))) > EMBED_TOTAL:
        form.wrong(where, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


def _texts(embed: Json) -> Iterator[str]:
    """Yield the texts of an embed that count together."""
    yield from (str(embed.get(name) or "") for name in COUNTED)
    yield str((embed.get("footer") or {}).get("text") or "")
    yield str((embed.get("author") or {}).get("name") or "")
    for field in embed.get("fields") or []:
        yield f"{field.get('name', '')}{field.get('value', '')}"


def walk(components: Any) -> Iterator[Json]:
    """Yield components and those inside them."""
    for one in components if isinstance(components, list) else []:
        if isinstance(one, dict):
            yield one
            yield from walk(one.get("components"))
            yield from walk([part for part in (one.get("accessory"), one.get("component")) if part])


def _check_rows(form: Form, components: list[Json]) -> None:
    if len(components) > ROWS:
        form.wrong("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length.")
    for index, row in enumerate(components):
        if row.get("type") != ACTION_ROW:
            form.wrong(
                f"components.{index}", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).'
            )
        elif not 1 <= len(row.get("components") or []) <= BUTTONS:
            where = f"components.{index}.components"
            form.wrong(where, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {BUTTONS} in length.")
    _check_controls(form, components)


def _check_controls(form: Form, components: list[Json]) -> None:
    """Note what is wrong with buttons and choices: names that are too long, missing, or there twice."""
    seen: set[str] = set()
    for one in walk(components):
        name = one.get("custom_id")
        form.too_long("components.custom_id", name, CUSTOM_ID)
        form.too_long("components.label", one.get("label"), LABEL)
        if one.get("type") == BUTTON and one.get("style") != LINK:
            form.required("components.custom_id", name)
        if name in seen:
            text = "Component custom id cannot be duplicated"
            form.wrong("components.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        if name is not None:
            seen.add(name)


def _check_second_version(form: Form, fields: Json) -> None:
    """Note what does not go together with components of the second version."""
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if fields.get(name):
            text = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    parts = list(walk(fields.get("components")))
    if len(parts) > COMPONENTS:
        text = f"Total number of components cannot exceed {COMPONENTS}"
        form.wrong("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", text)
    if sum(len(str(one.get("content") or "")) for one in parts) > TEXTS:
        text = f"The total displayable text size exceeds {TEXTS}"
        form.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)
    for one in parts:
        if one.get("type") == GALLERY and not 1 <= len(one.get("items") or []) <= FILES:
            form.wrong("components.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
        for item in one.get("items") or []:
            form.too_long("components.items.description", item.get("description"), DESCRIPTION)
    _check_controls(form, fields.get("components") or [])
