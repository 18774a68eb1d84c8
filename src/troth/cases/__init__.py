"""The case: a customer's matter with its messages, and how staff answer it.

A case holds messages in, messages out and notes; replies pass the send gate and wait a few seconds before they leave.
What is promised in them lives in `promises`; how mail comes in and goes out is told in `inbox`, `channels` and `post`.
"""
