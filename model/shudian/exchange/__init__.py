"""The model in the field's own file formats, and other engines that run them."""
