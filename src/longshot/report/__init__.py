"""Results to tables, pages and figures: a folder for each kind of result.

``classified`` shows a pile with its labels, ``evaluation`` how good a classifier is,
``contextual`` how contextual an embedding is.

What they share, in reading order: ``files`` and ``folders`` are never half written,
``tables`` and ``growing`` write rows, ``vectors`` arrays; ``openings`` shortens a
passage to a line; ``drawing`` makes figures; ``pages/`` is the frame, the look and the
parts of all pages, each of which stands alone.
"""
