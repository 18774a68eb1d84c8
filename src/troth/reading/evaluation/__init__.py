"""How well a text was read, judged against what people labelled: docs/formats/labelled.md is the shape.

Pure, and ignorant of what did the reading: ours or anybody else's is judged by the same figures. `labelled` takes the
lines in, `promises` and `raised` judge, `ours` reads with this package and hands over to them.
"""
