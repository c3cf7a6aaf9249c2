"""What breaks longshot: damaged and hostile files, and processes killed at any moment.

Run: python -m benchmarks.hostile [mutations] [specials] [kills] [--files 10000]
     [--kills 200] [--seed 0]

``seeds`` makes a whole file of every kind, and ``mutations`` damages it; ``specials``
makes each file that was ever found to hurt; ``kills`` ends commands at random moments
and starts them again. ``processes`` runs a command and tells what it took. What is not
as it must be is printed, and the exit code is 1.
"""
