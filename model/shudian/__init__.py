"""Shudian: a stock-and-flow model of Zhengzhou's micro-drama industry."""

from __future__ import annotations

__version__ = "0.1.0"
