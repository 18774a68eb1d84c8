"""Cases for staff: the list, one case with what was promised beside it, and everything done there."""
