"""The history: events that are written once, and what follows from them."""
