"""What a person sees of a run: results, progress, a summary, and mistakes.

Results go to stdout and all else to stderr, through ``consoles``. Modules that import
what is slow to load are imported where they are used.
"""
