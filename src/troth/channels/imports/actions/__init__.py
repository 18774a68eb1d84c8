"""Everything this room writes: conversations of plain files, tickets of other desks, imports and hooks themselves."""
