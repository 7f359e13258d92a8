"""Numbers and pages made from the history: what is due, how it goes."""
