"""Care package line items as the faces list and show them, and the Commissioned Care Export."""
