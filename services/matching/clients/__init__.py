"""Clients as the council looks them up: a client’s page, names by identifiers, the search box, lists of clients."""
