"""Lives of councils, drawn from a seed: care, visits, corrections, periods and pay rules in any order."""
