"""Care as rows change it: a row is read, the book of care takes it, what changed is written and said.

Offers `CareBook`, `store` (loading and writing it), `messages` (what is said of changed care) and `words` (how care writes
names, numbers and timetables).
"""
