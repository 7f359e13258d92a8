"""blake2b by itself: `hashlib` would load OpenSSL, which takes a hundredth of the time to the first question."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # an interpreter that was built without it
    from hashlib import blake2b

__all__ = ["blake2b"]
