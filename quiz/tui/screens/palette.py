"""Textual's command palette, with one fault of it mended."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Lists every action of the screen below by name."""

    def _action_command_list(self, action: str) -> None:
        """Move in the list; in one that is empty, PgUp and PgDn raise a KeyError in Textual 8.2."""
        if self.query_one(CommandList).option_count:
            super()._action_command_list(action)
