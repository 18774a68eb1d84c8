"""Imports: conversations from before Troth, out of mbox and JSON-lines files.

Taking in is silent (nobody is written to, nothing is warned) and true to time: everything happened when the source says so.
What became of old promises is told only where the conversation itself tells it. The formats stand in
`docs/formats/import.md`; live channels are its neighbours' business.
"""
