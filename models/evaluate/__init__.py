"""Measuring models against labelled data; never part of what serves."""
