"""Services that are killed at chosen and at random moments, and the accounts made afterwards.

    faults.py    where a service kills itself           launcher.py   `chalkak run` with such a fault
    service.py   one data folder, many lives            client.py     uploads that are repeated, a page
    pictures.py  small photos, one of them poison       audit.py      what became of every photo
    storm.py     random kills while photos arrive       points.py     one fault point, first and second hit
    undisturbed.py    what every answer is measured by

The same on Discord and on Telegram, whose stand-ins live on in the test's own process:

    side.py      a platform as people see it        chat_faults.py   where a service kills itself there
    on_discord.py, on_telegram.py, sides.py         chat_audit.py    what became of every post
    talk.py      people who post, and a service     chat_points.py   every fault point
    chat_storm.py    random kills, lost responses

`python -m tests.bot.crash [--platform discord|telegram] --kills 100 --photos 300` prints the table.
"""
