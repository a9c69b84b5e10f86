"""What a reported figure measures: which quantity of the model, in which period, with what error."""
