"""Messages that another program hands in: kept whole first, as any message, then read like one."""
