"""What holds for a client from a day on: entered, ended, withdrawn, shown; care that suspends itself is matched again."""
