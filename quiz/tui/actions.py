"""One registry of what people can do: it feeds key bindings, the key line, the palette and the help."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType


class Action(NamedTuple):
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
QUESTION = "question"  # the actions of every screen on which a question is answered
ASKING = ("study", "exam")

ACTIONS: tuple[Action, ...] = (
    Action("home", "start", "enter", "Enter", "Start", "Study what is marked: everything, one deck or one topic."),
    Action("home", "resume", "c", "c", "Continue", "Go on with the session left today, at the same question."),
    Action("home", "exam", "e", "e", "Exam", "A scored exam, a tutored quiz, or a huddle with a group."),
    Action(
        "home", "exam_date", "d", "d", "Exam date", "The day you study for: what to expect on it, and what it costs."
    ),
    Action("home", "refresher", "r", "r", "Safety", "Five minutes over the cards that must be known, with proof."),
    Action("home", "teach", "t", "t", "Teach", "A session with a patient: point by point, with a page to take home."),
    Action("home", "contrast", "l", "l", "Look-alikes", "Cards that are easily taken for each other, in turn."),
    Action("home", "pretest", "w", "w", "Pretest", "Five new questions before you learn what is marked. Not scored."),
    Action("home", "by_topic", "o", "o", "Topics", "Show the list by topic or by deck."),
    Action("home", "browse", "b", "b", "Browse", "Search all cards, look at them, mend what is wrong with them."),
    Action("home", "progress", "g", "g", "Progress", "How much you know and keep, day by day, and how sure you are."),
    Action("home", "filter", "f", "f", "Filter", "Choose audience, procedure and topics."),
    Action("home", "settings", "s", "s", "Settings", "New cards a day, minutes, recall aimed at, theme and more."),
    Action("home", "suspended", "x", "x", "Suspended", "Show the suspended cards and bring one back."),
    Action("home", "problems", "p", "p", "Problems", "Show what is wrong in deck files, with the place and the mend."),
    Action("home", "leave", "q", "q", "Quit", "Leave the program. Esc does nothing here."),
    Action("study", "go_on", "enter", "Enter", "Go on", "Take the marked option, show the answer, or go on."),
    Action("study", "dont_know", "0", "0", "Don't know", "Say that you don't know: it counts as not recalled."),
    Action("study", "undo", "u", "u", "Undo", "Take the last answer back and ask its question again."),
    Action("study", "sources", "o", "o", "Source", "Show or hide the sources of this card."),
    Action("study", "flag", "m", "m", "Flag", "Report that something is wrong with this card, with a note."),
    Action("study", "bury", "p", "p", "Put off", "Put this card off until tomorrow."),
    Action("study", "suspend", "x", "x", "Suspend", "Stop asking this card until you bring it back."),
    Action("study", "back", "escape", "Esc", "", "While you type, leave the line: letters are keys again. Else stop."),
    Action("study", "leave", "q", "q", "Stop", "Stop here; the session goes on at this question later."),
    Action("summary", "home", "enter,escape", "Enter", "Home", "Back to the home screen."),
    Action("summary", "more", "s", "s", "Study on", "Go on with what is still due or new."),
    Action("summary", "undo", "u", "u", "Undo", "Take the last answer back and ask its question again."),
    Action("summary", "leave", "q", "q", "Quit", "Leave the program."),
    Action("browse", "open", "enter", "Enter", "Read", "Read the whole card; Enter or Esc goes back to the list."),
    Action("browse", "search", "slash,tab", "/", "Search", "Go to the search line, and with Enter or Tab to the list."),
    Action("browse", "study", "s", "s", "Study", "Study the cards that are listed, as far as they are due or new."),
    Action("browse", "drill", "d", "d", "Drill", "Drill the card and those it is easily taken for, in turn."),
    Action("browse", "suspend", "x", "x", "Suspend", "Stop asking the card, or bring it back."),
    Action("browse", "reset", "r", "r", "Reset", "Begin anew with the card; its history is kept. It asks first."),
    Action("browse", "flag", "m", "m", "Flag", "Report with a note that something is wrong; or take the flag off."),
    Action("browse", "edit", "e", "e", "Edit", "Open the card in your editor (VISUAL or EDITOR) at its line."),
    Action("browse", "undo", "u", "u", "Undo", "Take back what you decided last on this screen."),
    Action("browse", "before", "left,h", "←", "Before", "Mark the card before, also while you read one."),
    Action("browse", "after", "right,l", "→", "Next", "Mark the next card, also while you read one."),
    Action("browse", "first", "home,g", "Home", "", "Mark the first card."),
    Action("browse", "last", "end,G", "End", "", "Mark the last card."),
    Action("browse", "back", "escape", "Esc", "", "Leave the card, the search line or the screen."),
    Action("browse", "leave", "q", "q", "Home", "Back to the home screen."),
    Action(
        "teach_choice", "start", "enter,space", "Enter", "Begin", "Begin the marked session; a digit begins that one."
    ),
    Action("teach_choice", "leave", "q,escape", "q", "Leave", "Leave without a session."),
    Action("teach", "go_on", "enter", "Enter", "Go on", "Go on to the next step, or show what is still below."),
    Action("teach", "back", "left,backspace", "←", "Back", "Go back by one step."),
    Action("teach", "tick", "space", "Space", "Tick", "Tick the marked phrase, or take its tick off."),
    Action("teach", "page", "w", "w", "Page", "At the end: make a page to take home."),
    Action("teach", "end", "q,escape", "q", "End here", "End the session here; at its end, leave."),
    Action("progress", "danger", "d", "d", "Danger list", "Open the cards that you were sure of and got wrong."),
    Action("progress", "record", "w", "w", "Record", "Write the record of the last safety refresher to a file."),
    Action(
        "progress", "overview", "o,home", "o", "Overview", "Go to the top. A digit, 1 to 9 or 0, goes to its section."
    ),
    Action("progress", "after", "right,l,n,tab", "→", "Next", "Go to the next section."),
    Action("progress", "before", "left,h,p,shift+tab", "←", "Before", "Go to the section before."),
    Action("progress", "leave", "q,escape", "q", "Home", "Back to the home screen."),
    Action("exam_date", "change", "enter", "Enter", "Change", "Set the date, and what the exam is about."),
    Action("exam_date", "none", "n", "n", "No exam", "Take the date away: study for no exam."),
    Action("exam_date", "leave", "q,escape", "q", "Home", "Back to the home screen."),
    Action("exam_setup", "start", "enter", "Enter", "Begin", "Begin, or go on with the exam that was left."),
    Action("exam_setup", "less", "left,h,minus", "←", "Less", "Change the marked line: less, or the one before."),
    Action("exam_setup", "more", "right,l,plus", "← →", "Change", "Change the marked line: more, or the next."),
    Action("exam_setup", "leave", "q,escape", "q", "Leave", "Leave without an exam."),
    Action("exam", "go_on", "enter", "Enter", "Go on", "Hand the answer in, or go on to the next empty question."),
    Action("exam", "dont_know", "0", "0", "Don't know", "Say that you don't know, and go on."),
    Action("exam", "previous", "left", "←", "Back", "Go to the question before. What stands there counts."),
    Action("exam", "next", "right", "→", "Next", "Go to the next question. What stands there counts."),
    Action("exam", "flag", "m", "m", "Flag", "Flag the question for later, or take the flag off."),
    Action("exam", "overview", "n", "n", "All", "All questions: answered, empty, flagged; go to any of them."),
    Action("exam", "pause", "p", "p", "Pause", "Stop the clock. The question is hidden meanwhile."),
    Action("exam", "hand_in", "x", "x", "Hand in", "Hand in: says first what is empty and flagged."),
    Action("exam", "sources", "o", "o", "Source", "As tutor, after the answer: show or hide the sources."),
    Action("exam", "back", "escape", "Esc", "", "While you type, leave the line: letters are keys again. Else pause."),
    Action("exam", "leave", "q", "q", "Leave", "Leave for now; the exam goes on at this question later."),
    Action("exam_result", "review", "enter,r", "Enter", "Review", "Go through the questions again, with all reasons."),
    Action("exam_result", "missed", "s", "s", "Study missed", "Study the cards that were missed, now."),
    Action("exam_result", "again", "n", "n", "New exam", "Set up another exam like this one."),
    Action("exam_result", "leave", "q,escape", "q", "Leave", "Leave the result."),
    Action("exam_review", "previous", "left,p", "←", "Back", "Go to the question before."),
    Action("exam_review", "next", "right,n", "→", "Next", "Go to the next question, then to the result."),
    Action("exam_review", "go_on", "enter,space", "Enter", "", "Show what is still below, then the next question."),
    Action("exam_review", "wrong_only", "w", "w", "Missed only", "Go through the missed questions only, or all again."),
    Action("exam_review", "sources", "o", "o", "Source", "Show or hide the sources of this card."),
    Action("exam_review", "missed", "s", "s", "Study missed", "Study the cards that were missed, now."),
    Action("exam_review", "leave", "q,escape", "q", "Result", "Back to the result."),
    Action("huddle", "go_on", "enter", "Enter", "Next", "Show the answer, count the hands, or go on."),
    Action("huddle", "count", "c", "c", "Count", "Count the hands as they are typed."),
    Action("huddle", "recount", "r", "r", "Count anew", "Count the hands on this question once more."),
    Action("huddle", "sources", "o", "o", "Source", "Show or hide the sources of this card."),
    Action("huddle", "skip", "right,n", "→", "Skip", "Go to the next question; without a count it is left out."),
    Action("huddle", "back", "escape", "Esc", "", "While you type, leave the line: letters are keys again. Else end."),
    Action("huddle", "leave", "q", "q", "End", "End with the totals; from there leave."),
    Action(QUESTION, "pick", "space", "Space", "Pick", "Tick the marked option, or pick up the marked step."),
    Action(QUESTION, "done", "s", "s", "Done", "Hand in what is ticked, laid in order or matched."),
    Action(QUESTION, "shift_up", "shift+up", "Shift+↑", "", "Move the marked step up."),
    Action(QUESTION, "shift_down", "shift+down", "Shift+↓", "", "Move the marked step down."),
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
    names = (screen, QUESTION, EVERY_SCREEN) if screen in ASKING else (screen, EVERY_SCREEN)
    return [a for name in names for a in ACTIONS if a.screen == name]


def bindings(screen: str) -> list[BindingType]:
    """Return the key bindings of a screen."""
    return [
        Binding(a.keys, a.name, a.label or a.help, id=f"{screen}.{a.name}", show=False, key_display=a.shown)
        for a in of(screen)
    ]
