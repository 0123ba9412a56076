"""What a photo costs besides the bare networks: processor milliseconds of each stage, one at a time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable

from PIL import Image

from bot.app import open_weights
from bot.settings import read_settings
from inference.decode import policy
from inference.draw import draw
from inference.engine import view_of
from inference.measure import measure
from inference.parts import ROLES, build_model, session_for
from models.captioners.composed import compose
from models.prompt import make_prompt
from models.records import Analysis, ChatRules
from models.session import Pixels, Raw, Session
from models.writers.templates import TemplateWriter

REPEATS = 20


class _Remembering:
    """A session that answers with what it answered first, so that only the work around it counts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._raws: list[Raw] = []

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        prepared = list(pictures)
        self._raws = self._raws or self._session(prepared)
        return self._raws


def stage_costs(photo: bytes) -> dict[str, float]:
    """Return processor milliseconds per photo of every stage around the networks."""
    policy.prepare()
    weights = open_weights(read_settings())
    clean = policy.decode(photo)
    view = view_of(clean.image)
    pixels = clean.image.tobytes()
    models = {role: build_model(weights, role, _Remembering(session_for(weights, role))) for role in ROLES}
    found = Analysis(*clean.image.size, boxes=models["objects"]([view])[0], measures=measure(view))
    prompt = make_prompt(found, ChatRules(), hashlib.sha256(clean.jpeg).hexdigest())
    font = weights.verified(weights.registry.role("font")[0])
    work: dict[str, Callable[[], object]] = {
        "decode and clean JPEG": lambda: policy.decode(photo),
        "hand over pixels": lambda: Image.frombytes("RGB", clean.image.size, clean.image.tobytes()),
        "shrink to what models see": lambda: view_of(Image.frombytes("RGB", clean.image.size, pixels)),
        "measure": lambda: measure(view),
        "around the networks": lambda: [model([view]) for model in models.values()],
        "words": lambda: (TemplateWriter()([prompt]), compose(prompt)),
        "mark and encode JPEG": lambda: draw(clean.image, found, font),
    }
    return {stage: _milliseconds(once) for stage, once in work.items()}


def _milliseconds(work: Callable[[], object]) -> float:
    work()
    started = time.process_time()
    for _ in range(REPEATS):
        work()
    return round((time.process_time() - started) / REPEATS * 1000, 2)
