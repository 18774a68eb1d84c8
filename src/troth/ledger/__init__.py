"""The append-only ledger: what happened, in order, in bytes that never change.

Every act appends its fact in its own transaction (`actions.append`); the database refuses to change or delete an entry.
Sealing gives entries their places, lets the Merkle tree over them grow and signs its head (`sealing.py`); what must lie outside the
database for that to be worth something, keys and the head signed last, is in `outside.py`.
It knows no other room's tables: entries name things by reference.
"""
