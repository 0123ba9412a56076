"""The shared module: safe decode, engine, batcher, device thread, runtimes, measuring, drawing.

It turns bytes into an `Analysis` and an `Analysis` into a marked picture.  It never talks to
people, never stores anything and never imports `bot` or `storage`.
"""
