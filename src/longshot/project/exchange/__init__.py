"""Into a project and out of it: one module for each form, with ``base`` between.

``exporting`` and ``importing`` go through all documents; ``forms`` names the forms.
``tables`` are longshot's own, ``folders`` hold the files themselves, ``report`` is the
page; ``label_studio``, ``argilla``, ``prodigy`` and ``doccano`` are what those tools
read and write.
``certificate`` tells beside each export what an audit says of its labels.
"""
