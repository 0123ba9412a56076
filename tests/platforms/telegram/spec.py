"""The machine-readable Bot API as a judge of what a bot asks and of what the stand-in answers."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from tests.platforms.telegram.records import Json

NAME = "telegram-bot-api-10.1.json"
CONSTANT = re.compile(r"(?:must be|always) [\"“]?([a-z_0-9]+)[\"”]?\.?$")
SIMPLE: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "InputFile": (str,),  # attach://name; the file itself lies beside the fields
}


def _place() -> Path:
    shared = os.environ.get("CHALKAK_SHARED")
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    return (Path(shared) if shared else beside) / "specs" / NAME


@cache
def spec() -> Spec | None:
    """Return the description, None where there is none."""
    place = _place()
    return Spec(json.loads(place.read_text("utf-8"))) if place.is_file() else None


class Spec:
    """All methods and types of the Bot API."""

    def __init__(self, found: Json) -> None:
        self._types: dict[str, Json] = found["types"]
        self._methods: dict[str, Json] = found["methods"]

    def name(self, method: str) -> str | None:
        """Return how a method is written, None where there is none of that name."""
        return next((name for name in self._methods if name.lower() == method.lower()), None)

    def asked(self, method: str, fields: Json, files: dict[str, bytes]) -> list[str]:
        """Return what is wrong with a request."""
        described = self._methods[method].get("fields", [])
        given = fields | {one["name"]: "" for one in described if one["name"] in files}
        unread = [name for name in files if name not in given and f"attach://{name}" not in str(fields)]
        wrong = [f"nothing names the file {name}" for name in unread] + self._object(described, given)
        return [f"{method}: {one}" for one in wrong]

    def answered(self, method: str, result: Any) -> list[str]:
        """Return what is wrong with an answer."""
        return [f"stand-in: {method}: {w}" for w in self._value(self._methods[method]["returns"], result)]

    def update(self, update: Json) -> list[str]:
        """Return what is wrong with an update."""
        return [f"stand-in: {wrong}" for wrong in self._value(["Update"], update)]

    def _object(self, described: list[Json], given: Json) -> list[str]:
        known = {one["name"]: one for one in described}
        wrong = [f"{name} is unknown" for name in given if name not in known]
        wrong += [
            f"{name} is missing" for name, one in known.items() if one["required"] and name not in given
        ]
        for name, value in given.items():
            if name in known:
                wrong += _constant(known[name], value)
                wrong += [f"{name}: {more}" for more in self._value(known[name]["types"], value)]
        return wrong

    def _value(self, types: list[str], value: Any) -> list[str]:
        """Return why a value is of none of these types: the reasons of the nearest."""
        reasons = [self._one(name, value) for name in types]
        return min(reasons, key=len) if all(reasons) else []

    def _one(self, name: str, value: Any) -> list[str]:
        if name.startswith("Array of "):
            return self._array(types_of=name.removeprefix("Array of "), value=value)
        if name in SIMPLE:
            is_right = isinstance(value, SIMPLE[name]) and (name == "Boolean") == isinstance(value, bool)
            return [] if is_right else [f"{value!r:.80} is no {name}"]
        described = self._types[name]
        if described.get("subtypes"):
            return self._value(described["subtypes"], value)
        if name == "RichText" and isinstance(value, str):
            return []
        if not isinstance(value, dict):
            return [f"{value!r:.80} is no {name}"]
        return self._object(described.get("fields", []), value)

    def _array(self, types_of: str, value: Any) -> list[str]:
        if not isinstance(value, list):
            return [f"{value!r:.80} is no array"]
        return [wrong for one in value for wrong in self._one(types_of, one)]


def _constant(described: Json, value: Any) -> list[str]:
    """Check the field that tells the kinds of an object apart."""
    if not (described["required"] and described["types"] == ["String"]):
        return []
    found = CONSTANT.search(described["description"])
    return [f"{value!r:.40} is not {found[1]}"] if found and found[1] != value else []
