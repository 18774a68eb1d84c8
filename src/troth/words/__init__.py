"""The vocabulary every room shares: facts, references, states, causes, working hours.

Pure: no Django, no database, no network. Outsiders verify our ledger from `facts.py`, so every field there is explained.
"""
