"""The fault laboratory: what can befall a running system, done to the real thing on purpose, and what was lost by it.

`make faults` runs everything in `registry.py`, each fault in a process of its own, and writes the table in docs/reliability.md.
A quick form of each runs with the other tests, in `tests/faults/`.
"""
