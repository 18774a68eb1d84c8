"""What learning decides: pure values in, values out."""
