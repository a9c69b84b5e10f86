"""What all tests share: how hypothesis searches."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: compiling a kernel inside one example is slow once and says nothing about the code.
settings.register_profile("search", deadline=None)
# The same examples every time, so that a red build is red because of the change.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "search")
