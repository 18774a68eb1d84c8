"""What is sought, offered and given to make good: by people within the limits of their authority, or by a standard.

A remedy that was offered is a promise. Money is paid elsewhere and proven here. A remedy names its matter by reference.
"""
