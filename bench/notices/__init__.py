"""How fast very many are told of what concerns them."""
