"""Actions, payment enquiries and provider-led reviews: begun about something, listed, talked about, approved."""
