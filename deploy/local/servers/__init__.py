"""A database and a broker: given, our own, or in a container."""
