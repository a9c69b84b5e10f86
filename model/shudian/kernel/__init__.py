"""The compiled time loop: a Model and numbers in, trajectories out."""

from shudian.kernel.emit import Method
from shudian.kernel.remembered import Remembered
from shudian.kernel.run import Begun, Kernel, compile_model, usable_cores

__all__ = ["Begun", "Kernel", "Method", "Remembered", "compile_model", "usable_cores"]
