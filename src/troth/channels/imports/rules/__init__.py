"""Pure: what a line or a letter of a file says, and what a conversation tells of the promises in it."""
