"""Stand-ins for Discord and Telegram: real sockets, strict answers, and faults on demand."""
