"""Somebody at the keyboard: opens the TUI on a small deck, presses keys, clicks on what is read, and looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.events import Key, MouseDown, MouseMove, MouseUp, Paste
from textual.pilot import Pilot
from textual.screen import Screen

from quiz.deck.scope import Scope
from quiz.desk import Desk, open_desk
from quiz.paths import find
from quiz.store.events import Event
from quiz.study.plan import Plan
from quiz.study.session import Session
from quiz.tui.app import QuizApp
from quiz.tui.screens.study import StudyScreen
from tests.support import screens
from tests.support.clocks import FixedClock

CHARACTERS = {"space": " ", "question_mark": "?", "minus": "-", "plus": "+"}
Size = tuple[int, int]
HOME_SIZE, SMALL, LARGE = (80, 24), (40, 12), (120, 40)

ROOTS = """\
title: Roots and nerves
order: 1
audience: [student]
checked: 2026-11-22
cards:
  - id: heat
    topic: technique
    claim: Alternating current heats the tissue at the bare tip.
    why: The current agitates ions next to the tip; the tissue warms the electrode.
    sources: [atlas, nobody]
    questions:
      - ask: What makes the lesion in radiofrequency?
        choices:
          - right: Alternating current
          - wrong: A hot wire
            why: The tissue heats first, not the wire.
          - wrong: Laser light
            why: Laser is another energy.
  - id: branch
    topic: anatomy
    claim: The medial branch supplies the facet joint.
    why: It is the joint's only way to report pain.
    sources: [atlas]
    questions:
      - ask: Which nerve is treated for facet joint pain?
        answer: medial branch
        accept: [medial branch nerve]
  - id: rootlets
    topic: anatomy
    claim: SDR divides part of the dorsal rootlets.
    why: They carry the sensory half of the stretch reflex.
    certainty: moderate
    questions:
      - cloze: "SDR divides part of the {{dorsal}} rootlets."
  - id: word
    topic: definition
    claim: Rhizotomy means cutting a root.
    why: The Greek rhiza is a root, and tome is a cut.
    questions:
      - ask: What does the word rhizotomy mean?
        answer: Cutting a root
"""

WARD = """\
title: On the ward
order: 2
topic: nursing
procedure: sdr
audience: [nurse]
cards:
  - id: pad
    safety: true
    why: A pad over bone burns the skin.
    questions:
      - ask: Where does the return pad go?
        choices:
          - right: Over well-perfused muscle
          - wrong: Over bone
            why: Bone conducts badly, so the skin heats.
  - id: turn
    case: A child on the first day after SDR.
    why: The wound must not twist.
    questions:
      - ask: How is the child turned?
        answer: As a log
"""

SOURCES = """\
atlas:
  title: An atlas of nerve roots
  authors: A. Writer
  journal: Journal of Roots
  year: "2020"
  doi: 10.1000/roots
"""


class PilotClock(FixedClock):
    """The wall clock stands still. Each look at the counter finds it `step` ms later, so that no key comes too soon."""

    def __init__(self, step: int = 1000) -> None:
        super().__init__()
        self.step = step

    def ticks(self) -> int:
        """Return the counter in milliseconds."""
        self.counter += self.step
        return self.counter


class Seat:
    """One run of the TUI with somebody in front of it."""

    def __init__(self, app: QuizApp, pilot: Pilot[Any], desk: Desk, clock: PilotClock) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk
        self.clock = clock

    async def settle(self, rounds: int = 10) -> None:
        """Let the program work off everything that waits, and paint.

        Textual's own pause guesses from the processor's idleness, which is slow, and wrong on a busy machine. What is
        done may ask for more to be done (a layout, then a scroll), hence the rounds.
        """
        for _ in range(rounds):
            await self.pilot._wait_for_screen()
            self.app.screen._on_timer_update()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; each is worked off before the next."""
        for key in keys:
            self.app.post_message(Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
            await self.settle(3)
        await self.settle()

    async def write(self, text: str, *then: str) -> None:
        """Type a text, then press keys."""
        await self.press(*text, *then)

    async def paste(self, text: str) -> None:
        """Paste a text as a terminal with bracketed paste does."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def click(self, text: str, nth: int = 0) -> None:
        """Click in the middle of a text on the screen; `nth` counts its places from the top."""
        await self.click_at(*self.place(text, nth))

    def place(self, text: str, nth: int = 0) -> tuple[int, int]:
        """Return the cell in the middle of a text on the screen; `nth` counts its places from the top."""
        places = [
            (cell_len(line[:start]) + cell_len(text) // 2, y)
            for y, line in enumerate(screens.lines(self.app))
            for start in range(len(line))
            if line.startswith(text, start)
        ]
        assert len(places) > nth, f"{text!r} is not on the screen:\n{self.picture}"
        return places[nth]

    async def drag(self, *texts: str) -> None:
        """Press the button on the first text, move over the others one after the other, and release it on the last."""
        x, y = self.place(texts[0])
        self.app.post_message(MouseDown(None, x, y, 0, 0, 1, False, False, False, x, y))
        await self.settle()
        for text in texts[1:]:
            before, (x, y) = (x, y), self.place(text)
            delta = (x - before[0], y - before[1])
            self.app.post_message(MouseMove(None, x, y, *delta, 1, False, False, False, x, y))
            await self.settle()
        self.app.post_message(MouseUp(None, x, y, 0, 0, 1, False, False, False, x, y))
        await self.settle()

    async def click_at(self, x: int, y: int) -> None:
        """Press and release the left button, as the terminal's driver tells it."""
        for kind in (MouseDown, MouseUp):
            self.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
            await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    @property
    def picture(self) -> str:
        """The screen, line by line."""
        return "\n".join(screens.lines(self.app))

    @property
    def told(self) -> str:
        """What the screen says, on one line."""
        return screens.told(self.app)

    def on(self, screen: type[Screen[Any]]) -> bool:
        """Whether a screen of this kind is on top."""
        return isinstance(self.app.screen, screen)

    @property
    def session(self) -> Session:
        """The session of the study screen on top."""
        assert isinstance(self.app.screen, StudyScreen), f"{self.app.screen} is on top"
        return self.app.screen.session

    @property
    def card(self) -> str:
        """The card on the screen."""
        assert self.session.shown is not None
        return self.session.shown.card.id

    def option(self, *, right: bool = True) -> str:
        """Return the digit of the right (or else the first wrong) option on the screen."""
        shown = self.session.shown
        assert shown is not None
        key = getattr(shown.question, "right")  # noqa: B009 - only a choice has it
        place = next(i for i, option in enumerate(shown.order) if (option == key) is right)
        return str(place + 1)

    def events(self, kind: str = "answer") -> list[Event]:
        """Return the events of a kind that are on the disk."""
        return [event for event in self.desk.history.events() if event.kind == kind]


def write_decks(folder: Path, **texts: str) -> Path:
    """Write decks by the names of their files (ROOTS and WARD where none are given) and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (texts or {"roots": ROOTS, "ward": WARD}).items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    if not texts:
        (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    return folder


@asynccontextmanager
async def sit(
    home: Path,
    *,
    decks: Path | None = None,
    size: Size = HOME_SIZE,
    plan: Plan | None = None,
    clock: PilotClock | None = None,
    settings: dict[str, Any] | None = None,
    resume: bool = True,
) -> AsyncIterator[Seat]:
    """Open the TUI at home, or with a plan at its first question, and close everything at the end."""
    clock = clock or PilotClock()
    decks = decks or write_decks(home / "some decks")
    desk = open_desk(find(str(home), "default", {}), [str(decks)], clock)
    try:
        if settings:
            desk.history.change_settings(settings)
        app = QuizApp(desk, desk.session(plan, resume=resume) if plan else None)
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = Seat(app, pilot, desk, clock)
            await seat.settle()
            yield seat
    finally:
        desk.close()


def asking(*cards: str, **fields: Any) -> Plan:
    """Return a plan over some cards (all where none are named), with its seed fixed."""
    return Plan(Scope(cards=cards), **{"seed": 7, **fields})
