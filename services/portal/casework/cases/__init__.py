"""What pages and the API of every kind of case share: its words, a list, a case, what is said in it, and its files."""
