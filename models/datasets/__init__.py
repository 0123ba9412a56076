"""Data sets for training and measuring; never part of what serves."""
