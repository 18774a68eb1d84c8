"""What inbox decides: pure values in, values out."""
