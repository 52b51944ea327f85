"""The rules that a shop is diagnosed by: one small function a file.

Each says in its docstring which test it applies, its thresholds (parameters with defaults) and how often it raises a
false alarm by itself.
"""

from footfall.rules._words import say

__all__ = ["say"]
