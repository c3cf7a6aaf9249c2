"""Words in sentences: sentences are read, words found in them, and uses drawn.

``sentences`` reads them, ``inflection`` gives a word's forms, ``uses`` finds them by
their characters, and ``sampling`` draws which of them are read by a model.
"""
