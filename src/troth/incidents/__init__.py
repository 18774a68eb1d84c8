"""Something went wrong: what happened when, what was said when, who is affected, why it happened, and that it has not come back.

No incident is open without a promise of the next word, and its end is always told.
"""
