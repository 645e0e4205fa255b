"""The replica of the visits and their matches: which visit belongs to which care package line item, and which to none."""
