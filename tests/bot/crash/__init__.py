"""Services that are killed at chosen and at random moments, and the accounts made afterwards.

    faults.py    where a service kills itself           launcher.py   `chalkak run` with such a fault
    service.py   one data folder, many lives            client.py     uploads that are repeated, a page
    pictures.py  small photos, one of them poison       audit.py      what became of every photo
    storm.py     random kills while photos arrive       points.py     one fault point, first and second hit
    undisturbed.py    what every answer is measured by

`python -m tests.bot.crash --kills 100 --photos 300` prints the table.
"""
