"""The commands of a project: what is done once in a page is one of them here.

``starting`` makes a project and adds to it, ``labelling`` says what documents are and
takes it back, ``telling`` prints what stands, ``deciding`` decides, ``exchanging`` lets
data out and in. ``opening`` is what they share.
"""
