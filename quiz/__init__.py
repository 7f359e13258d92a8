"""A quiz and flashcard trainer for the terminal. The parts and their order: see "How it is built" in README.md."""

__version__ = "0.1.0"
