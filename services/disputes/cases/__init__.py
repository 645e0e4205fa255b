"""Cases of every kind: begun, talked about, moved, listed. The other features build on it, and it knows none of them."""
