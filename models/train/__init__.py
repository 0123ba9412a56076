"""Training: straight, resumable scripts that leave a folder from which they can be repeated.

Needs the extra `[torch]`; never part of what serves.
"""
