"""What customers bought, as far as the company's word and the finding of those affected need it.

An order is known by the reference that the shop gives it. It comes in by file or through the API, and again whenever it changes.
"""
