"""Takes what care says: prices and posts again what it touches, and forecasts it before a care file is applied."""
