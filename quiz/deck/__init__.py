"""Cards and decks: reading them with places, the catalogue, the filter."""
