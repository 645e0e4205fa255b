"""An example to start from: a finance system that hears Caretally's payment events. It needs pika alone."""
