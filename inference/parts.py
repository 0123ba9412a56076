"""The parts of an analysis that a model gives: which weights, how to load, how large a batch.

A new detector is one file in `models/` with `INPUT` and `build`, and a table in the registry;
nothing here changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from inference.batcher import Model
from inference.runtime import OpenVinoSession, Precision
from models.errors import WeightsMissing
from models.registry import Entry
from models.weights import Weights

VISION_LIMIT = 4  # pictures a batch on a CPU, where larger ones gain nothing
ROLES = ("objects", "faces", "unsafe")


@dataclass(frozen=True, slots=True)
class Part:
    """One model of the engine.  `tag` is `name@sha8`; `load` is called once, on the device thread."""

    tag: str
    load: Callable[[], Model]
    limit: int = VISION_LIMIT


def parts_from(weights: Weights, *, precision: Precision = "auto") -> dict[str, Part]:
    """Return the part of every role that this machine has weights for.

    A role whose preference list is empty is simply absent.

    Raises:
        WeightsMissing: a role has models, but none of them is on this machine.
    """
    found: dict[str, Part] = {}
    for role in ROLES:
        entry = weights.resolve(role)
        if entry is None:
            wanted = weights.registry.role(role)[0].key
            raise WeightsMissing(f"no weights for {role}, run: chalkak models fetch", name=wanted)
        found[role] = Part(entry.tag, _loader(weights, entry, precision))
    return found


def _loader(weights: Weights, entry: Entry, precision: Precision) -> Callable[[], Model]:
    def load() -> Model:
        module: Any = import_module(f"models.{entry.module}")
        session = OpenVinoSession(weights.verified(entry), module.INPUT, precision=precision)
        model: Model = module.build(session, entry)
        return model

    return load
