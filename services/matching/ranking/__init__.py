"""Best value ranked lists: who is on one, at what price, by which weights; its ranking of a quarter, frozen, appealed."""
