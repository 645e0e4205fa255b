"""Provider-led reviews: planned extra care is asked for, approved and added as a second CPLI."""
