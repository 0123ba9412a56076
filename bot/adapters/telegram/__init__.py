"""Telegram: photos of chats in, answers out, through python-telegram-bot's long polling.

chat        the platform as the core sees it      connection  one Application after the other, for ever
requests    HTTP as we want it                    queue       commits an update before Telegram forgets it
updates     what an update does                   moves       groups that got another id
reading     messages as photos that arrived       files       photos down
sending     answers up, mended where refused      posting     an answer in Telegram's shapes
captions    text as Telegram counts it            courtesy    signs of life
unsaying    answers back                          budget      how often we may speak
refusals    what Telegram means when it refuses   welcome     who we are, and the button for the mode
"""
