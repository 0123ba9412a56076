"""Captioners: one careful neutral sentence about a photo, which is also its alt text."""
