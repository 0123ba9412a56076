"""The bot on a stand-in Discord: the whole service, real models, real sockets."""
