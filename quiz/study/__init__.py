"""Sessions: pick the next card and question, mark, schedule. Pure but for the records it is given."""
