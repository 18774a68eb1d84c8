"""Moving in, measured: exports of other desks, taken in by `troth import` while its processes are killed."""
