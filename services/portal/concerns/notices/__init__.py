"""Breach notices: sent by the council, answered by the provider."""
