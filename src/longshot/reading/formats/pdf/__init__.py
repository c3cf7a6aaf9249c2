"""PDF becomes text, page by page.

``document`` reads a file, its pages in a process of their own (``apart``), after
``streams`` looked for bombs; ``page_count`` counts pages without reading them.
"""
