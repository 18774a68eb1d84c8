"""What post decides: pure values in, values out."""
