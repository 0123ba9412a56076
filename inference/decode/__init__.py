"""Safe decoding: untrusted bytes in, rebuilt pixels and a clean JPEG out.

    formats.py  what the first bytes announce
    policy.py   what is allowed and how it becomes pixels; runs inside a worker only
    worker.py   the process around it: limits, one request at a time
    pool.py     warm workers for the service: kill, recycle, typed refusals

Nothing else in the house may open bytes that came from a person.
"""
