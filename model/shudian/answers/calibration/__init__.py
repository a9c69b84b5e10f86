"""The model fitted to the figures, and all that a calibration is asked: numbers only."""
