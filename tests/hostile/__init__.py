"""What strangers may try, through the doors they would use. `HOSTILE=full` runs the sizes that take minutes."""
