"""Diagrams of the model: stocks and flows of a sector, and the named loops."""
