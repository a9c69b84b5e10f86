"""What will be reported: frozen predictions, naive forecasts to compare them with, and how both are scored."""
