from __future__ import annotations
def measured(*a):
    return {}
