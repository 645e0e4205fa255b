"""The secrets of a stack: a folder for each process, with files that hold what it alone needs."""
