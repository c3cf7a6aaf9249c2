"""What office programs write, and books and TeX: paragraphs, tables, slides, notes.

``docx`` and ``opendocument`` are read here, the others by a library (``extractor``);
``package`` looks at their ZIPs before they are unpacked.
"""
