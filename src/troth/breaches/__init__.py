"""Personal data got out: 72 hours for the authority, word to the people concerned, and the register (GDPR 33 and 34)."""
