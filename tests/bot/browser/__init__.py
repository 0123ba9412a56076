"""The web chat as people meet it: a real browser, a running service, the real models behind it."""
