"""The versions of a visit: what each says otherwise, and which one a request has seen."""
