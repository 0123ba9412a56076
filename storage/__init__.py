"""What Chalkak remembers: schema, store, search, settings, audit (SQLite).

It knows `models.records`, `models.errors` and `models.labels`, and nothing else of the house.
"""
