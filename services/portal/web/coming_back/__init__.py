"""The way back to a page: after signing in, and after a form that could not be sent, with what was typed."""
