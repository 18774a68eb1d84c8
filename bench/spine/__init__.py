"""How fast the product is at a thousand, a hundred thousand and a million: `python -m bench.spine --help`."""
