"""Files to take along: CSV that no spreadsheet runs, names that say what is in them and whose they are."""
