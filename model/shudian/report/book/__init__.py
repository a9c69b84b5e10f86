"""The model book: the whole model in one file that a critic can search, follow and print."""
