"""Priors and reports -> posterior."""
