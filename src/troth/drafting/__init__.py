"""Drafts of an answer by a language model of the host's choice: off unless named, an untrusted writer, never sent by itself.

What a person asks for is written by the worker (`tasks.py`) and shown beside the composer; it comes into the answer by their click,
marked as a machine's. It has no tools: its words are data. The send gate asks a person about every promise in them (`cases`).
"""
