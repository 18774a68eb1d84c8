"""The append-only ledger: what happened, in order, in bytes that never change.

Every act appends its fact in its own transaction (`actions.append`); the database refuses to change or delete an entry.
The sealing task gives entries their position and chains their hashes; the verifiable record builds its tree on those.
It knows no other room's tables: entries name things by reference.
"""
