"""Concerns about providers: raised by anybody, seen by commissioning staff alone; breach notices are the provider's too."""
