"""Every write: cohorts are put together and frozen; notices are written, sent and followed."""
