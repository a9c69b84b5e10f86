"""What a yuan of additional output is worth to the city, in yuan: nobody has measured it."""

VALUE = 0.5
"""Taken where nobody says: an assumption, always shown."""
MOST_VALUE = 3.0
"""Three times itself."""
