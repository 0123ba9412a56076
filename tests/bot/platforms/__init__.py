"""Discord and Telegram at once: one service, both real clients, two stand-ins over real sockets."""
