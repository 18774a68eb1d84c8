"""Webhooks: other programs are told of what happened, as it happens.

An endpoint names an address and what it wants to hear of. The ledger is read by cursor, so no fact is forgotten, and each delivery
is tried until it is taken or given up, at least once. Everything that leaves goes through one door (`door.py`), which reaches
nothing inside our own networks. What a program may ask of us is the API's affair.
"""
