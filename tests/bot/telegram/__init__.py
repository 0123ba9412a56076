"""The Telegram adapter with the real client, against the stand-in Telegram over real sockets."""
