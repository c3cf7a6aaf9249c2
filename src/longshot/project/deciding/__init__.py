"""Deciding about a project's documents: what can be computed again, and is kept apart.

``features`` keeps on disk what deciding needs of each document, ``pile`` holds it in
memory as the database stands, ``state`` is all that decisions depend on, ``decisions``
writes them down, ``explaining`` finds the passages that decided, ``suggesting`` what to
label next. ``decider`` does all of it for a project.
"""
