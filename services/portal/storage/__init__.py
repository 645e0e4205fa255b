"""What files hold in the object store: how much each organisation may, and what is swept because nobody needs it."""
