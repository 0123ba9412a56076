"""What a model is: records, registry, labels, detectors, writers, captioners.

Nothing here opens a file of a user, knows a chat platform or starts a thread.  A model is
handed its runtime session and never imports `inference`.
"""
