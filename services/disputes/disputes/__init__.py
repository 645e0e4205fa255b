"""Disputes: the council questions visits, or the week of a line item; raised, resolved, their visits withdrawn."""
