"""When to stop training, and which epoch to keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Best:
    """The best score so far, its epoch, and how long ago that is.

    Args:
        patience: epochs without a better score after which training stops.
    """

    patience: int
    score: float = float("-inf")
    epoch: int = -1
    waited: int = 0

    def is_new(self, score: float, epoch: int) -> bool:
        """Take the score of an epoch, and return whether it is the best so far; a tie is not."""
        if score > self.score:
            self.score, self.epoch, self.waited = score, epoch, 0
            return True
        self.waited += 1
        return False

    @property
    def is_over(self) -> bool:
        """Return whether `patience` epochs in a row were no better."""
        return self.waited >= self.patience
