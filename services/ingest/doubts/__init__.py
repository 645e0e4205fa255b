"""What a week's visits make doubtful by themselves, said to disputes as `doubts_found`."""
