"""Inbox: messages in, from every channel.

What arrives is kept whole and once before anyone looks inside (Arrival). Then it is read, found to be new, a duplicate or
unreadable, and put into the case it belongs to - if its sender may add to that case, which is this room's hardest question.
How a channel's bytes are taken apart is the channel's business; what a case does with a message is the business of `cases`.
"""
