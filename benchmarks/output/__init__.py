"""How a measurement times its ways in turn, and prints or draws what it found."""
