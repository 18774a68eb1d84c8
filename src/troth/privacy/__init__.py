"""What we hold about a person: shown, handed out as a zip, and erased in one action, with what stays and why.

It gathers: every room below knows its own tables and offers its part in `erasing.py` (what is held, what goes) and `handing.py`
(what is handed out). Here stand what binds them together: requests and the date told for them, holds that forbid an erasure,
the record of erasures, and the two-way comparison with the register of destroyed keys, so that a restored backup forgets again.
Which column of which table holds what is said in `rules/columns.py`, and a test keeps it complete.
"""
