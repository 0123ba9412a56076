"""`python -m bot.cli` is `chalkak`."""

from bot.cli import main

main()
