"""The compiled time loop: a Model and numbers in, trajectories out."""

from shudian.kernel.emit import Method
from shudian.kernel.run import Kernel, compile_model

__all__ = ["Kernel", "Method", "compile_model"]
