"""The public form: what a visitor writes is kept whole first, as any message, then read; nothing of it is believed."""
