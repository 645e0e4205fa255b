"""Care, clients, carers, visits and actuals: brought in, changed and taken out."""
