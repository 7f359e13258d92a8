"""One registry of what people can do: it feeds key bindings, the key line, the palette and the help."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a screen: `name` is the method (`action_…`), `keys` the keys, `shown` the key's name for people.

    `label` is for the key line (short), `help` for the help screen and the palette (a sentence).
    """

    screen: str
    name: str
    keys: str
    shown: str
    label: str
    help: str


EVERY_SCREEN = "all"

ACTIONS: tuple[Action, ...] = (
    Action("home", "start", "enter", "Enter", "Start", "Study what is marked: everything, one deck or one topic."),
    Action("home", "resume", "c", "c", "Continue", "Go on with the session left today, at the same question."),
    Action("home", "by_topic", "t", "t", "Topics", "Show the list by topic or by deck."),
    Action("home", "filter", "f", "f", "Filter", "Choose audience, procedure and topics."),
    Action("home", "settings", "s", "s", "Settings", "New cards a day, minutes, recall aimed at, theme and more."),
    Action("home", "suspended", "x", "x", "Suspended", "Show the suspended cards and bring one back."),
    Action("home", "problems", "p", "p", "Problems", "Show what is wrong in deck files, with the place and the mend."),
    Action("home", "leave", "q,escape", "q", "Quit", "Leave the program."),
    Action("study", "go_on", "enter,space", "Enter", "Go on", "Take the marked option, show the answer, or go on."),
    Action("study", "dont_know", "0", "0", "Don't know", "Say that you don't know: it counts as not recalled."),
    Action("study", "undo", "u", "u", "Undo", "Take the last answer back and ask its question again."),
    Action("study", "sources", "o", "o", "Source", "Show or hide the sources of this card."),
    Action("study", "flag", "m", "m", "Flag", "Report that something is wrong with this card, with a note."),
    Action("study", "bury", "p", "p", "Put off", "Put this card off until tomorrow."),
    Action("study", "suspend", "x", "x", "Suspend", "Stop asking this card until you bring it back."),
    Action("study", "back", "escape", "Esc", "", "While you type, leave the line: letters are keys again. Else stop."),
    Action("study", "leave", "q", "q", "Stop", "Stop here; the session goes on at this question later."),
    Action("summary", "home", "enter", "Enter", "Home", "Back to the home screen."),
    Action("summary", "more", "s", "s", "Study on", "Go on with what is still due or new."),
    Action("summary", "undo", "u", "u", "Undo", "Take the last answer back and ask its question again."),
    Action("summary", "leave", "q,escape", "q", "Quit", "Leave the program."),
    Action(EVERY_SCREEN, "mark_up", "up,k", "↑", "", "Mark the line above, or scroll up."),
    Action(EVERY_SCREEN, "mark_down", "down,j", "↓", "", "Mark the line below, or scroll down."),
    Action(EVERY_SCREEN, "page_up", "pageup", "PgUp", "", "Scroll up by a page."),
    Action(EVERY_SCREEN, "page_down", "pagedown", "PgDn", "", "Scroll down by a page."),
    Action(EVERY_SCREEN, "help", "question_mark,f1", "?", "Help", "Show the keys of this screen (F1 while typing)."),
)

EVERYWHERE = (
    ("Ctrl+P", "The palette: every action by name, and the themes."),
    ("Ctrl+C", "Leave at once. Every answer given is kept."),
)


def of(screen: str) -> list[Action]:
    """Return the actions of a screen, those of all screens last."""
    return [a for name in (screen, EVERY_SCREEN) for a in ACTIONS if a.screen == name]


def bindings(screen: str) -> list[BindingType]:
    """Return the key bindings of a screen."""
    return [
        Binding(a.keys, a.name, a.label or a.help, id=f"{screen}.{a.name}", show=False, key_display=a.shown)
        for a in of(screen)
    ]
