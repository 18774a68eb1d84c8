"""Live chat: a visitor of one of the company's sites talks with staff, who answer from the case as they answer everybody.

What a visitor says is kept whole first, as any message (`inbox`), and becomes part of a case of its own. An answer is said in the
talk while the visitor is there, and goes by mail once they have left: each of our messages was seen in the talk or lies in one
letter. Who a visitor is shows a signed token alone; the widget and its frame are ours and ask nobody else for anything.
"""
