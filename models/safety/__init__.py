"""Safety models: a list of pictures in, for each how unsafe it is, 0..1, in the same order."""
