"""What Chalkak remembers: one SQLite file, one writer, many readers.

    folder   the data folder: owner, lock, free space      schema    tables and migrations
    sqlite   connections and what their errors mean        writer    the one thread that writes
    photos   a photo from accepted to answered             erasure   deleting so that nothing is left
    words    text to search terms                          search    `/find`
    backups  backup, verify, restore                       store     all of it behind one object

Knows neither models at work nor platforms: it imports records, errors and labels only.
"""
