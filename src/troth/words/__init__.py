"""Words: the vocabulary every room shares, and the working calendar. Pure: values, enums and nothing that acts."""
