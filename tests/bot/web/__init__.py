"""The local web chat over real HTTP, with the real store, decoders and models behind it."""
