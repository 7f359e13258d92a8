"""Browse: all cards, found by the filter language, with what they say and how they went, and ways to mend them.

Typing searches at once. In a large library the search waits for a pause and runs in a thread beside the screen, with a
connection of its own; a newer search stops an older one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from quiz.deck.filter import LONGEST, Fault, parse
from quiz.deck.scope import Scope
from quiz.deck.terms import And, Everything, Field, Tree, Value, all_of, written
from quiz.errors import UsageError
from quiz.memory.leech import is_leech
from quiz.report.leeches import explained, look_alikes
from quiz.report.search import MOST_STUDIED, Row, askable, cards_of, past, read, rows
from quiz.report.today import due_today
from quiz.store.events import Kind
from quiz.text import counted
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, button, fitted, joined, plain
from quiz.tui.screens import page
from quiz.tui.screens.card import Told, sheet
from quiz.tui.screens.page import Page
from quiz.tui.widgets.cardlist import CardList
from quiz.tui.widgets.keyline import Flow
from quiz.tui.widgets.sheet import Sheet

PAUSE = 0.2  # seconds without a key before a large library is searched
OFFERED = ("due", "new", "flagged", "suspended", "leech", "danger")
_HINT = "words, topic:risks, is:due, recall<0.8 …"


class BrowseScreen(Page):
    """A search line, the list of what it finds, and the marked card beside or below it."""

    CSS_PATH = "../styles/browse.tcss"
    NAME = "browse"
    BINDINGS = bindings(NAME)

    def __init__(self, text: str = "") -> None:
        """`text` is the filter to begin with."""
        super().__init__()
        self._text = text
        self._tree: Tree = Everything()
        self._fault: Fault | None = None
        self._total = 0
        self._asked = 0  # searches begun: only what the newest finds is shown
        self._waiting = False
        self._timer: Timer | None = None
        self._searching: sqlite3.Connection | None = None
        self._due_at: tuple[object, frozenset[str]] = (None, frozenset())  # when they were found, and the cards
        self._changed: set[str] = set()  # cards about which something was decided here since they were counted
        self._decided: list[tuple[str, str]] = []  # card and event of each decision made here, for undo

    def inside(self) -> ComposeResult:
        with Horizontal(id="line"):
            yield Static(plain("Search "), id="label")
            yield Input(self._text, placeholder=_HINT, id="search", max_length=LONGEST, select_on_focus=False)
        yield Flow(id="offered")
        yield Static(id="said")
        with Horizontal(id="panes"):
            yield CardList(self._rows, id="cards")
            with VerticalScroll(id="preview", can_focus=False):
                yield Sheet(id="sheet")

    def on_mount(self) -> None:
        self.new_turn()
        self.set_focus(self.query_one("#search"))  # once: by AUTO_FOCUS it would come back after each dialog
        self._search()

    def on_unmount(self) -> None:
        self._asked += 1
        self._stop()

    @property
    def _list(self) -> CardList:
        return self.query_one("#cards", CardList)

    @property
    def _reading(self) -> bool:
        """Whether the card fills the page."""
        return self.has_class("-reading")

    # -- searching ----------------------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self, message: Input.Changed) -> None:
        if message.value.startswith("/"):  # the key that leads here; who presses it once more means no text
            message.input.value = message.value.lstrip("/")
            return
        if message.value == self._text:
            return
        self._text = message.value
        self._stop()
        if self._total <= page.AT_ONCE:
            self._search()
        else:
            self._timer = self.set_timer(PAUSE, self._search)

    def _search(self) -> None:
        """Look for what the text says: at once in libraries of ordinary size, else in a thread."""
        self._stop()
        self._asked += 1
        history = self.quiz.desk.history
        db, day, text, number = history.reader(), history.today(), self._text, self._asked
        moment, known = self._moment(), self._due_at
        (self._total,) = db.execute("select count(*) from deck.card").fetchone()

        def found() -> tuple[Tree | Fault, list[str]]:
            with closing(db):
                due = known[1] if known[0] == moment else due_today(db, day)
                tree = read(db, text)
                cards = [] if isinstance(tree, Fault) else cards_of(db, tree, day)
            if number == self._asked:
                self._due_at, self._changed = (moment, due), set()
            return tree, cards

        if self._total <= page.AT_ONCE:
            self._found(number, *found())
            return

        def beside() -> None:
            try:
                tree, cards = found()
            except sqlite3.OperationalError:
                if number == self._asked:
                    raise
                return  # a newer search has stopped this one
            if number == self._asked:
                self.app.call_from_thread(self._found, number, tree, cards)

        self._searching, self._waiting = db, True
        self.draw()
        self.run_worker(beside, thread=True, group="search", exit_on_error=False)

    def _stop(self) -> None:
        """Stop the search that waits for a pause, or that runs in a thread."""
        if self._timer is not None:
            self._timer.stop()
        if self._searching is not None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # it has ended already
                self._searching.interrupt()
        self._timer = self._searching = None

    def _found(self, number: int, tree: Tree | Fault, cards: Sequence[str]) -> None:
        """Show what a search has found. A fault leaves the list as it was: one is still typing."""
        if number != self._asked:
            return
        self._searching, self._waiting = None, False
        if isinstance(tree, Fault):
            self._fault = tree
        else:
            self._fault, self._tree = None, tree
            self._list.put(cards)
        self.draw()

    def _rows(self, cards: Sequence[str]) -> list[Row]:
        history = self.quiz.desk.history
        # What was decided here since the search counts, and what the disk does not take.
        changed = {event.card for event in history.pending} | self._changed
        found = rows(history.query, cards, history.today(), self._due_at[1])
        return [row.at(history.state(row.card), history.today()) if row.card in changed else row for row in found]

    def _moment(self) -> tuple[int, tuple[int, str]]:
        """Return what changes with the day and with all that is recorded."""
        return self.quiz.desk.history.today(), self.quiz.desk.history.newest()

    def action_offer(self, state: str) -> None:
        """Add a state to the filter, or take it out again; `all` clears it."""
        tree = parse(self._text)
        if state == "all" or isinstance(tree, Fault):
            tree = Everything()
        if state != "all":
            term = _state(state)
            parts = list(_parts(tree))
            tree = all_of([p for p in parts if p != term] if term in parts else [*parts, term])
        self.query_one("#search", Input).value = written(tree)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.set_class(not self._list.cards, "-nothing")
        self._draw_top()
        self._draw_line()
        self._draw_keys()
        self.query_one("#sheet", Sheet).put(self._sheet)
        self.quiz.show_trouble(self)

    def _draw_top(self) -> None:
        found = self._list.cards
        if self._waiting:
            place = "searching…"
        elif not found:
            place = "none found" if self._total else "no cards"
        elif self._tree == Everything():
            place = f"{self._list.marked + 1} of {counted(len(found), 'card')}"
        else:
            place = f"{self._list.marked + 1} of {len(found)} found"
        width = self.size.width - (4 if self.size.width >= 60 else 2)
        self.query_one("#top", Static).update(joined(fitted("Browse", max(0, width - len(place))), place))

    def _draw_line(self) -> None:
        """Draw the states that can be clicked, and what has to be said of the filter."""
        chosen = list(_parts(self._tree))
        pieces = [button(("all", "" if self._text else "bold $text-accent"), "screen.offer('all')")]
        for state in OFFERED:
            there = _state(state) in chosen
            label = (f"✓{state}", "bold $text-accent") if there else (state, MUTED)
            pieces.append(button(label, f"screen.offer('{state}')"))
        self.query_one("#offered", Flow).put(pieces)
        said = self.query_one("#said", Static)
        if self._fault is not None:
            said.update(joined(("! ", "bold $text-warning"), str(self._fault)))
        elif not self._total:
            said.update(plain("There are no cards. Put a deck into the folder that 'quiz paths' names."))
        elif not self._list.cards and not self._waiting:
            said.update(plain("No card fits this filter. ? shows what can be written."))
        else:
            said.update(plain(""))
        said.display = self._fault is not None or (not self._list.cards and not self._waiting)

    def _draw_keys(self) -> None:
        """Show the keys that lead somewhere now."""
        if self.focused is not None:
            self.show_keys([], {}, [("Enter", "To the list", "screen.search"), ("F1", "Help", "screen.help")])
            return
        row, narrow = self._marked_row(), self.size.width < 60
        drill = ["drill"] * self._can_drill()
        on_card = ["suspend", "flag", "edit"] if row is not None and (self._reading or not narrow) else []
        undo = ["undo"] * (bool(self._decided) and not narrow)
        if drill and self.size.width < 100:  # there is no room for all: what is left out stands in the help
            on_card = [name for name in on_card if self._reading or name != "flag"]
        if self._reading:
            reset = ["reset"] * (bool(on_card) and (not drill or self.size.width >= 100))
            names = ["back", "before", "after", *drill, *on_card, *reset, *undo, "help"]
        else:
            first, study = ["open"] * (row is not None), ["study"] * (row is not None and not narrow)
            names = [*first, "search", *study, *drill, *on_card, *undo, "help", "leave"]
        self.show_keys(names, self._labels(row))

    def _can_drill(self) -> bool:
        """Whether look-alikes of the marked card are known: those that it names, and of a leech those that name it."""
        desk, card_id = self.quiz.desk, self._list.card
        card = desk.library.card(card_id) if card_id is not None else None
        if card is None or card.contrast_with:
            return card is not None
        state = desk.history.state(card.id)
        if not is_leech(state.lapses, state.memory):
            return False
        with self.quiz.reading() as db:
            return bool(look_alikes(db, card))

    def _labels(self, row: Row | None) -> dict[str, str]:
        labels = {"back": "List"}
        if row is not None and row.suspended:
            labels["suspend"] = "Bring back"
        if row is not None and row.flagged:
            labels["flag"] = "Unflag"
        return labels

    def _marked_row(self) -> Row | None:
        card = self._list.card
        return self._rows([card])[0] if card is not None else None

    def _sheet(self, width: int) -> Content:
        """Draw the marked card: looked up only where it is in sight."""
        told = self._told()
        return sheet(told, width) if told else plain("")

    def _told(self) -> Told | None:
        desk, card_id = self.quiz.desk, self._list.card
        card = desk.library.card(card_id) if card_id is not None else None
        if card is None:
            return None
        history, library = desk.history, desk.library
        sources = [str(library.source(name) or name) for name in card.sources]
        figures = {name: figure for name in set(card.figures) if name and (figure := library.figure(name))}
        moments = past(history.events_of(card.id))
        state, leech = history.state(card.id), None
        if is_leech(state.lapses, state.memory):
            with self.quiz.reading() as db:
                leech = explained(db, card, state.lapses, state.answers)
        return Told(
            card, state, sources, moments, history.today(), figures, library.here(card.id), history.params, leech
        )

    # -- moving about -------------------------------------------------------------------------------------------------

    @on(CardList.Marked)
    def _marked(self) -> None:
        self.query_one("#preview").scroll_home(animate=False, immediate=True)
        self.draw()

    @on(CardList.Clicked)
    def _clicked(self, message: CardList.Clicked) -> None:
        self.set_focus(None)
        if message.again:
            self.action_open()

    def action_open(self) -> None:
        """Let the marked card fill the page, and back."""
        if self._list.card is not None or self._reading:
            self._read(not self._reading)

    def _read(self, on: bool) -> None:
        self.set_focus(None)
        self.set_class(on, "-reading")
        self.query_one("#preview").scroll_home(animate=False, immediate=True)
        self.draw()

    def move(self, step: int) -> None:
        if self._reading:
            self.query_one("#preview").scroll_relative(y=step, animate=False)
        else:
            self._list.move(step)

    def action_page_up(self) -> None:
        self._page(-1)

    def action_page_down(self) -> None:
        self._page(1)

    def _page(self, step: int) -> None:
        if self._reading:
            preview = self.query_one("#preview")
            preview.scroll_relative(y=step * max(1, preview.size.height - 1), animate=False)
        else:
            self._list.move(step * self._list.page)

    def action_first(self) -> None:
        """Mark the first card."""
        self._list.move(-len(self._list.cards))

    def action_last(self) -> None:
        """Mark the last card."""
        self._list.move(len(self._list.cards))

    def action_before(self) -> None:
        """Mark the card before."""
        self._list.move(-1)

    def action_after(self) -> None:
        """Mark the card after."""
        self._list.move(1)

    def action_search(self) -> None:
        """Go to the search line, and from it to the list."""
        if self.focused is not None:
            self.set_focus(None)
        else:
            self._read(False)
            self.set_focus(self.query_one("#search"))

    def on_input_submitted(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._search()
        self.set_focus(None)

    def action_back(self) -> None:
        """Leave the card, the search line, or the screen."""
        if self._reading:
            self._read(False)
        elif self.focused is not None:
            self.set_focus(None)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Go home."""
        self.quiz.go_home()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        """Other keys work while one types."""
        self._draw_keys()

    # -- what is decided about a card ---------------------------------------------------------------------------------

    def action_suspend(self) -> None:
        """Stop asking the marked card, or bring it back."""
        row = self._marked_row()
        if row is not None:
            self._decide("suspend", row.card, {"on": not row.suspended})

    def action_reset(self) -> None:
        """Begin anew with the marked card, once that is confirmed."""
        row = self._marked_row()
        if row is None:
            return
        if row.new:
            self.app.notify("It is new: there is nothing to begin anew.", markup=False)
            return
        from quiz.tui.screens.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self._decide("reset", row.card, {})

        text = "The card is new again, as if it was never asked. Its history is kept, and u takes this back."
        self.app.push_screen(ConfirmScreen("Begin anew with this card?", text, "begin anew"), answered)

    def action_flag(self) -> None:
        """Flag the marked card with a note, or take its flag off."""
        row = self._marked_row()
        if row is None:
            return
        if row.flagged:
            self._decide("flag", row.card, {"on": False, "note": ""})
            return
        from quiz.tui.screens.note import NoteScreen

        def noted(note: str | None) -> None:
            if note is not None:
                self._decide("flag", row.card, {"on": True, "note": note or "(no note)"})

        self.app.push_screen(NoteScreen(row.card), noted)

    def action_undo(self) -> None:
        """Take back what was decided last on this screen."""
        if self._decided:
            card, target = self._decided.pop()
            self._changed.add(card)
            history = self.quiz.desk.history
            history.record([history.event("undo", card=card, target=target)])
            self._renew()

    def _decide(self, kind: Kind, card: str, body: dict[str, object]) -> None:
        """Record a decision. The list stays as it is: what one has just changed should not vanish."""
        history = self.quiz.desk.history
        event = history.event(kind, card=card, body=body)
        history.record([event])
        self._decided.append((card, event.id))
        self._changed.add(card)
        self._renew()

    def _renew(self) -> None:
        self._list.renew()
        self.draw()

    # -- study and edit -----------------------------------------------------------------------------------------------

    def action_study(self) -> None:
        """Study what is listed, as far as it is due or new."""
        history = self.quiz.desk.history
        with self.quiz.reading() as db:
            cards = askable(db, self._tree, history.today(), MOST_STUDIED + 1)
        if not cards:
            self.app.notify("None of these cards is due or new.", markup=False)
            return
        if len(cards) > MOST_STUDIED:
            self.app.notify(f"These are the {MOST_STUDIED} of them that are most worth it now.", markup=False)
        self.quiz.study(self.quiz.desk.plan(Scope(cards=tuple(cards[:MOST_STUDIED]))))

    def action_drill(self) -> None:
        """Drill the marked card with those that it is easily taken for."""
        if self._list.card is None:
            return
        try:
            plan = self.quiz.desk.drill(self._list.card)
        except UsageError as error:
            self.app.notify(str(error), markup=False)
        else:
            self.quiz.study(plan, resume=True)

    def action_edit(self) -> None:
        """Open the marked card in the learner's editor, at its line."""
        from quiz.tui.mending import mend

        card = self.quiz.desk.library.card(self._list.card) if self._list.card is not None else None
        if card is not None:
            mend(self.quiz, card, self._mended)

    def _mended(self) -> None:
        """A deck has changed: look again."""
        self.new_turn()
        self._due_at = (None, frozenset())
        self._search()


def _state(name: str) -> Tree:
    return Field("is", (Value(name),))


def _parts(tree: Tree) -> Sequence[Tree]:
    """Return what all has to hold."""
    return tree.parts if isinstance(tree, And) else () if tree == Everything() else (tree,)
