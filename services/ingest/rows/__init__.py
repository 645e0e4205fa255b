"""The rules of a row: reads files, judges their rows, and says what is wrong or doubtful, in words. Pure."""
