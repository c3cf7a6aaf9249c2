"""The machine that longshot runs on, as far as it must be asked.

``locations`` are where things are kept, ``processors`` how many there are, and
``unfinished`` the files and folders that somebody works on, or was killed doing so.
"""
