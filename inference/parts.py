"""The parts of an analysis that a model gives: which weights, how to load, how large a batch.

A new detector is one file in `models/` with `INPUT` and `build`, and a table in the registry;
nothing here changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from inference.batcher import Model
from inference.runtime import OpenVinoSession, Precision
from models.errors import WeightsMissing
from models.registry import Entry
from models.session import InputSpec, Session
from models.weights import Weights

VISION_LIMIT = 4  # pictures a batch on a CPU, where larger ones gain nothing
FACES_LIMIT = 16  # faces a batch: they are small
ROLES = ("objects", "faces", "unsafe")
OPTIONAL = ("expression",)  # everything works without it


@dataclass(frozen=True, slots=True)
class Part:
    """One model of the engine.  `tag` is `name@sha8`; `load` is called once, on the device thread."""

    tag: str
    load: Callable[[], Model]
    limit: int = VISION_LIMIT


def parts_from(weights: Weights, *, precision: Precision = "auto") -> dict[str, Part]:
    """Return the part of every role that this machine has weights for.

    Raises:
        WeightsMissing: a role that is needed has no model on this machine.
    """
    present = [role for role in OPTIONAL if weights.resolve(role)]
    return {
        role: Part(
            entry_for(weights, role).tag,
            partial(model_for, weights, role, precision=precision),
            limit=FACES_LIMIT if role == "expression" else VISION_LIMIT,
        )
        for role in (*ROLES, *present)
    }


def model_for(
    weights: Weights, role: str, *, precision: Precision = "auto", streams: int | None = None
) -> Model:
    """Load the first model of a role that is present, on the session of this machine.

    Raises:
        WeightsMissing: none is.
        WeightsCorrupt: it is not the registered file.
    """
    return build_model(weights, role, session_for(weights, role, precision=precision, streams=streams))


def session_for(
    weights: Weights, role: str, *, precision: Precision = "auto", streams: int | None = None
) -> Session:
    """Return the network of a role on the runtime of this machine."""
    entry = entry_for(weights, role)
    spec: InputSpec = import_module(f"models.{entry.module}").INPUT
    return OpenVinoSession(weights.verified(entry), spec, precision=precision, streams=streams)


def build_model(weights: Weights, role: str, session: Session) -> Model:
    """Return the model of a role on a given session."""
    entry = entry_for(weights, role)
    model: Model = import_module(f"models.{entry.module}").build(session, entry)
    return model


def entry_for(weights: Weights, role: str) -> Entry:
    """Return the first entry of a role that is on this machine.

    Raises:
        WeightsMissing: none is.
    """
    entry = weights.resolve(role)
    if entry is None:
        wanted = weights.registry.role(role)[0].key
        raise WeightsMissing(f"no weights for {role}, run: chalkak models fetch", name=wanted)
    return entry
