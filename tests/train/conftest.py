"""Tests of training need torch, which the light tools have not: `make test` runs them on their own."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
