"""How much of every kind of file is read: words recovered, order kept, and speed.

Run: python -m benchmarks.formats [make] [read] [speed] [--folder results/formats]

``papers`` are the texts, which are the truth; ``corpus`` makes a file of each kind of
them, with the programs that make such files (LibreOffice, pandoc, Python's libraries
for mail); ``measures`` compares what was read with what was written.
"""
