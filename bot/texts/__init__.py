"""Everything that is said to people, in Korean and English: `ko.ftl` and `en.ftl` (Fluent).

`JOSA($word, "이/가")` inside a Korean text chooses the particle by the word's last letter.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

from models.errors import ServiceError
from models.korean import with_particle
from models.records import Language


def _josa(word: object, pair: object) -> str:
    return with_particle(str(word), str(pair))


@cache
def _bundle(language: Language) -> FluentBundle:
    bundle = FluentBundle([language], functions={"JOSA": _josa}, use_isolating=False)  # type: ignore[dict-item]  # its type knows one argument only
    text = files(__name__).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(text))
    return bundle


def say(language: Language, name: str, /, **values: str | float) -> str:
    """Return a text with its values filled in.

    Raises:
        LookupError: there is no such text, or it lacks a value.
    """
    bundle = _bundle(language)
    if not bundle.has_message(name):
        raise LookupError(f"no text {name!r} in {language}.ftl")
    pattern = bundle.get_message(name).value
    assert pattern is not None
    text, problems = bundle.format_pattern(pattern, values)
    if problems:
        raise LookupError(f"text {name!r} in {language}.ftl: {problems}")
    return str(text)


def texts_for(language: Language, prefix: str) -> dict[str, str]:
    """Return all texts whose name begins with `prefix`; a variable stands there as its name in braces."""
    source = files(__name__).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    names = re.findall(rf"^({re.escape(prefix)}[\w-]*) =", source, re.MULTILINE)
    values = {name: f"{{{name}}}" for name in re.findall(r"\{ *\$(\w+)", source)}
    return {name: say(language, name, **values) for name in names}


def say_error(language: Language, error: ServiceError) -> str:
    """Return the sentence for a person about an error."""
    return say(language, f"error-{error.code}", **error.data)
