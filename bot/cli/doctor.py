"""`chalkak doctor`: what is wrong on this machine, and how to mend it."""
from __future__ import annotations
def doctor() -> None:
    """Check this machine."""
