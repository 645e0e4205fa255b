"""The carers of a provider: files of them checked and taken, and listed. Visits may name no others."""
