"""In and out: Anki packages, tables, GIFT and the history as JSON lines."""
