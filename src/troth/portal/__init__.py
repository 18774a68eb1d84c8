"""The customer's own page, by signed link and without an account: what was promised to them, and their cases.

It gathers and reads; what a customer does there is an action of the room it concerns.
"""
