"""HOW IT WORKS: one module for each sector, one function for each variable.

The functions are the model. `shudian.structure.build` reads them; nothing else lists them.
"""
