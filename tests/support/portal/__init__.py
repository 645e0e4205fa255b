"""The portal: its accounts, its pages in a browser, its PDFs."""
