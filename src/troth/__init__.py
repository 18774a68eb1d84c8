"""Troth: a company's word to its customers, recorded, warned, told in time, and proven."""

__version__ = "0.1.0"
