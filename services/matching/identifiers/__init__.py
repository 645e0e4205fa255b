"""Who is who: whose an SSRef, ClientRef or NHSNumber is, and was, on a day."""
