"""Who is let in: what is checked before any route sees a request.

``keys`` are who may come in, ``guard`` holds a request against them and against what
other sites could send, ``waiting_line`` holds how many requests are worked on.
"""
