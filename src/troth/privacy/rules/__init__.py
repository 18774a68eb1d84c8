"""Pure: what each column holds, what stays and by which law, and by when a request is answered."""
