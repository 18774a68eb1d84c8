"""The people: customers with their handles, staff with their teams and roles, the hours they work, and signed links.

Two customers found to be one are merged by pointing both at one root, and un-merged by pointing back: no row elsewhere
is rewritten, so nothing is lost either way. What people promise or write is told in other rooms.
"""
