"""The council's lists as matching says them: organisations, services, levels, visit types, references of clients."""
