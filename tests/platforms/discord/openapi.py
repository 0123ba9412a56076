"""Judges requests by Discord's own description of its API."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from tests.platforms.discord.asking import Body
from tests.platforms.discord.things import Json

NAME = "discord-openapi-2026-07-18.json"
# What discord.py says though the description knows no such field; Discord does not mind.
EDITS = ("update_message", "update_original_webhook_message", "update_webhook_message")
COMMANDS = ("bulk_set_application_commands", "bulk_set_guild_application_commands")
HABITS = {**dict.fromkeys(EDITS, "tts"), **dict.fromkeys(COMMANDS, "nsfw")}


@cache
def find_description() -> Description | None:
    """Return the description where it is on this machine, beside the repository or where the setting says."""
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    path = Path(os.environ.get("CHALKAK_SHARED", beside)) / "specs" / NAME
    return Description(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


class Description:
    """The endpoints of the API and what each takes."""

    def __init__(self, document: Json) -> None:
        self._document = _softened(document)
        self._rows = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, operations)
            for path, operations in sorted(document["paths"].items(), key=lambda row: row[0].count("{"))
        ]
        self._validators: dict[str, Any] = {}

    def faults(self, method: str, path: str, query: dict[str, str], body: Body) -> list[str]:
        """Return what is wrong with a request, in sentences."""
        for matcher, pattern, operations in self._rows:
            if matcher.fullmatch(path) and method.lower() in operations:
                operation = self._document["paths"][pattern][method.lower()]
                told = [*self._query_faults(pattern, operation, query), *self._body_faults(operation, body)]
                return [f"{method} {path}: {fault}" for fault in told]
        return [f"{method} {path}: no such endpoint"]

    def answer_faults(self, method: str, path: str, status: int, answer: Any) -> list[str]:
        """Return where an answer of the stand-in is none that Discord gives."""
        for matcher, pattern, operations in self._rows:
            if matcher.fullmatch(path) and method.lower() in operations:
                operation = self._document["paths"][pattern][method.lower()]
                told = operation["responses"].get(str(status))
                schema = (told or {}).get("content", {}).get("application/json", {}).get("schema")
                if told is None:
                    return [f"{method} {path}: nothing is answered with {status}"]
                found = self._invalid(f"{operation['operationId']} {status}", schema or {}, answer)
                return [f"{method} {path}: {fault}" for fault in found]
        return []

    def _query_faults(self, pattern: str, operation: Json, query: dict[str, str]) -> list[str]:
        shared = self._document["paths"][pattern].get("parameters", [])
        known = {
            one["name"]: one for one in [*shared, *operation.get("parameters", [])] if one["in"] == "query"
        }
        return [f"the query has an unknown {name}" for name in query if name not in known]

    def _body_faults(self, operation: Json, body: Body) -> list[str]:
        content = operation.get("requestBody", {}).get("content", {})
        kind = "multipart/form-data" if body.is_multipart else "application/json"
        if not content:
            return ["has a body, where none is taken"] if body.fields or body.uploads else []
        if kind not in content:
            return [f"comes as {kind}, where {', '.join(content)} is taken"]
        schema = content[kind]["schema"]
        told = (
            {**body.fields, **{upload.field: "" for upload in body.uploads}}
            if body.is_multipart
            else body.fields
        )
        habit = HABITS.get(operation["operationId"])
        unknown = [name for name in self._unknown(schema, told) if name != habit]
        faults = [f"unknown field {name}" for name in unknown]
        return [*faults, *self._invalid(operation["operationId"] + kind, schema, told)]

    def _invalid(self, name: str, schema: Json, told: Any) -> list[str]:
        if name not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[name] = Draft202012Validator(whole)
        # Of a choice that nothing fits, what is wrong with the choice that fits best says the most.
        errors = [best_match([error]) for error in self._validators[name].iter_errors(told)]
        return [
            f"{'.'.join(map(str, error.absolute_path)) or 'the body'}: {error.message[:300]}"
            for error in errors
        ]

    def _unknown(self, schema: Json, told: Any) -> list[str]:
        if isinstance(told, list):
            entry = schema.get("items", {})
            return [name for one in told for name in self._unknown(entry, one)]
        known = self._fields(schema)
        if not isinstance(told, dict) or not known:
            return []
        return [name for name in told if name not in known]

    def _fields(self, schema: Json) -> set[str]:
        """Return the names of all fields that a schema or a part of it knows."""
        while "$ref" in schema:
            schema = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        names = set(schema.get("properties", {}))
        for part in [*schema.get("allOf", []), *schema.get("anyOf", [])]:
            names |= self._fields(part)
        return names


def _softened(part: Any) -> Any:
    """Return a schema in which overlapping choices are no fault and ids may be numbers."""
    if isinstance(part, list):
        return [_softened(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {("anyOf" if name == "oneOf" else name): _softened(one) for name, one in part.items()}
    if told.get("format") == "snowflake" and told.get("type") == "string":
        told["type"] = ["string", "integer"]
    return told
