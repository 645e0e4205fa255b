"""The tables of this service and their migrations."""
