"""A Document in each medium: what is told does not know where it will stand."""
