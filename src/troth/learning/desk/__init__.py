"""How well messages are read, for leads; and the review, for whoever answers customers."""
