"""Whatever strangers may send us, thrown at the code that reads it first. `make fuzz` runs it; `found/` keeps what it found."""
