"""Tests: names are sentences about behaviour; no network but loopback; fakes live here only."""
