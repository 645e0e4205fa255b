"""Care files: checked, shown in what they would change, imported or cancelled; and all care said again."""
