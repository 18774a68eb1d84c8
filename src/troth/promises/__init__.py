"""The promise: what was said to whom, by when, and what became of it; and the watcher who looks ahead.

A promise lives on its own, whatever happens to the case it was made in: it names its case and its message by reference.
Its history is the ledger's entries about it. `rules/due.py` decides, `actions.py` does, one sweeping task watches.
"""
