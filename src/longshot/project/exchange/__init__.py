"""Into a project and out of it: one module for each form, with ``base`` between.

``tables`` are longshot's own, ``folders`` hold the files themselves, ``report`` is the
page; ``label_studio``, ``argilla``, ``prodigy`` and ``doccano`` speak with those tools.
"""
