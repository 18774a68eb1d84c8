"""Pure: what was asked for, where to look first, how much a find counts."""
