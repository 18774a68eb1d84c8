"""Finding what was said: over every message, case, customer and promise one may see; and cases like the one at hand."""
