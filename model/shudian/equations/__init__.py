"""HOW IT WORKS: one module for each sector, one function for each variable.

A sector too long for one file goes on in `<sector>_<part>.py`.

The functions are the model. `shudian.structure.build` reads them; nothing else lists them.
"""
