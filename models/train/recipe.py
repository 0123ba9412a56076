"""How an expression model is trained: every number of it, and the presets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what training gives, data apart.

    Args:
        widths: channels of the network's stages, at 24, 12 and 6 pixels a side.
        depths: blocks in each stage.
        dropout: share of the features that the last layer goes without.
        epochs: rounds over the data, if it does not stop earlier.
        patience: rounds without a better score after which it stops.
        batch: faces a step.
        rate: highest learning rate, reached after `warmup` epochs and lowered along a cosine.
        decay: weight decay.
        smoothing: share of each label that is spread over all classes.
        mixup: Beta(mixup, mixup) gives how two faces are mixed, in every other batch; 0 for never.
        average: of the weights that are kept, how much of the average stays at each step.
        held_out: share of the originals to choose by.
        with_copies: learn from the copies in the data as well.
        max_steps: of an epoch; 0 for all.
    """

    widths: tuple[int, ...] = (64, 128, 224)
    depths: tuple[int, ...] = (1, 2, 1)
    dropout: float = 0.1
    epochs: int = 24
    patience: int = 10
    batch: int = 128
    rate: float = 0.08
    warmup: float = 2.0
    decay: float = 5e-4
    smoothing: float = 0.1
    mixup: float = 0.0
    average: float = 0.99
    held_out: float = 0.1
    with_copies: bool = False
    max_steps: int = 0
    seed: int = 4

    def __post_init__(self) -> None:
        """Refuse what cannot be trained.

        Raises:
            ValueError: a number is out of its range.
        """
        for name in ("epochs", "patience", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, at least 1 is needed")
        if not 0 <= self.dropout < 1 or not 0 < self.held_out < 1:
            raise ValueError(f"dropout {self.dropout} and held_out {self.held_out} must be shares below 1")
        if len(self.widths) != len(self.depths):
            raise ValueError(f"{len(self.widths)} widths and {len(self.depths)} depths differ in number")

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as plain values."""
        return asdict(self)

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Recipe:
        """Return the recipe from what `as_json` gave.

        Raises:
            ValueError: it is not one.
        """
        known = {field.name for field in fields(cls)}
        if set(values) != known:
            raise ValueError(f"a recipe has {sorted(known)}, found {sorted(values)}")
        shaped: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**shaped)


PRESETS = {
    "standard": Recipe(),
    "small": Recipe(widths=(48, 96, 224), epochs=22),  # half the time
    "long": Recipe(epochs=90, patience=25, mixup=0.3, dropout=0.2),  # for a GPU
    "tiny": Recipe(widths=(8, 12, 16), depths=(1, 1, 1), epochs=2, batch=16),  # to see that it runs
}
