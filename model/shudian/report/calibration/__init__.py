"""The calibration report: what the reported figures teach, what they cannot, and what changed."""
