"""The test-wise guesser: programs that know nothing, see only stem and options, and try to find the key.

What they score above chance is given away by the way the questions are written. The attackers are those of Case and
Swanson's list of flaws, made into scores, and some that learn: from the words of the options alone (Balepur 2024, arXiv
2402.12483), from a mix of all cues, and from what a set shuns that was balanced by hand. All are cross-validated.
"""

from quiz.check.guess.report import Attack, Guessed, guess

__all__ = ["Attack", "Guessed", "guess"]
