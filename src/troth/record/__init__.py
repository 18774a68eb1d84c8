"""The record as others see it: receipts for customers, the log as web resources for auditors, and pages that tell what it is.

What happened, its order and its signed heads are the ledger's; here it is shown, never written, and shown
to witnesses, who sign it. Nothing of it names a person but a receipt, and a receipt is shown to those alone whom it is about.
"""
