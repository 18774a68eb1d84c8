"""The clocks of a case: by when it wants a first answer, the next one, an update and its end, in working time.

A policy says which targets apply; a clock keeps the one it was started under, whatever policy comes later. Every start, pause,
resumption, meeting and miss is a fact, from which every state can be counted anew. A clock names its case by reference.
"""
