"""How well and how fast messages are read, beside everything that can be installed: `python -m bench.reading --help`."""
