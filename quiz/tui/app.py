"""The Textual front: screens over the desk. It keeps no rule of its own; see `quiz/study/session.py` for those."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.binding import Binding
from textual.events import Event, Key, MouseDown, MouseUp, Paste, Resize
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Static

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.study.plan import Plan
from quiz.study.session import Session
from quiz.text import clean
from quiz.tui.actions import of
from quiz.tui.gate import MOUSE, Gate
from quiz.tui.leaving import on_signals
from quiz.tui.present import LONGEST, joined

if TYPE_CHECKING:  # not needed to study
    from quiz.deck.lessons import TeachPlan
    from quiz.study.blueprint import ExamPlan
    from quiz.study.exam import Exam
    from quiz.study.huddle import Huddle

FEWEST = (40, 12)  # columns and rows in which a question has room
CLOCK_BEHIND_MS = 60_000  # from here on the clock is said to be behind: less is the ordinary drift of two devices
_SETTLED = 0.5  # seconds after the first screen: then what has time until later does not hold it up
_ALWAYS = {"ctrl+c", "ctrl+q"}

CALM_DARK = Theme(
    name="calm-dark",
    primary="#7fb4ca",
    secondary="#938aa9",
    accent="#7fb4ca",
    foreground="#dcd7ba",
    background="#16161d",
    surface="#1f1f28",
    panel="#2a2a37",
    success="#98bb6c",
    warning="#e6c384",
    error="#e46876",
    dark=True,
)
CALM_LIGHT = Theme(
    name="calm-light",
    primary="#1f6f8b",
    secondary="#6b5b95",
    accent="#1f6f8b",
    foreground="#22252b",
    background="#fbfaf6",
    surface="#f0eee6",
    panel="#e4e1d6",
    success="#3f6f21",
    warning="#8a5a00",
    error="#a8322d",
    dark=False,
)


_NOTHING = {
    "study": "Nothing is due here, and nothing new is left for today.",
    "refresher": "There is no must-pass card here that you have not answered today.",
    "contrast": "No cards here are look-alikes of each other.",
    "pretest": "Nothing here is new to you.",
}


class QuizApp(App[int]):
    """One run of the TUI. `return_code` is the exit code."""

    TITLE = "quiz"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]
    BINDINGS = [Binding("ctrl+c", "interrupt", "Leave at once", show=False, priority=True)]
    NOTIFICATION_TIMEOUT = 4
    AUTO_FOCUS = None  # nothing but an input line ever has the focus

    def __init__(
        self,
        desk: Desk,
        session: Session | None = None,
        teach: TeachPlan | None = None,
        exam: ExamPlan | Exam | Huddle | None = None,
    ) -> None:
        """With a `session` the first screen is its question, with `teach` a patient session; else the home screen.

        With `exam` it is the exam or huddle, or the screen on which such a plan can be changed before it begins.
        """
        # The other screens bring their styles along when they are opened; a first screen's own would not be read.
        first = "study" if session is not None or exam is not None else "teach" if teach is not None else "home"
        styles = ["app", first, *["exam"] * (exam is not None)]
        super().__init__(css_path=[f"styles/{name}.tcss" for name in styles])
        self.desk = desk
        self.gate = Gate()
        self.scope = Scope()  # the filter of the home screen, as long as the program runs
        self._session, self._teach, self._exam = session, teach, exam
        self._running_loop: asyncio.AbstractEventLoop | None = None
        self._turns: WeakKeyDictionary[Event, int] = WeakKeyDictionary()  # what was asked when each key was pressed
        self._too_small = False
        self._pressed = True  # whether the last press of a mouse button was let through
        self.register_theme(CALM_DARK)
        self.register_theme(CALM_LIGHT)
        wanted = desk.history.settings.theme
        self._begin_with(wanted if wanted in self.available_themes else CALM_DARK.name)

    def _begin_with(self, theme: str) -> None:
        """Set the first theme. Its styles are not parsed yet: setting it plainly would have them parsed twice."""
        if not self.available_themes[theme].dark:
            self.theme = theme
            return
        self.set_reactive(App.theme, theme)
        self.set_class(True, f"-theme-{theme}", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen: as the default one it is painted once, not after a blank one."""
        if self._session is not None:
            from quiz.tui.screens.study import StudyScreen

            return StudyScreen(self._session)
        if self._teach is not None:
            from quiz.tui.screens.teach import first_screen

            return first_screen(self._teach)
        if self._exam is not None:
            from quiz.tui.screens import exam_setup

            return exam_setup.first_screen(self._exam)
        from quiz.tui.screens.home import HomeScreen

        return HomeScreen()

    def on_load(self) -> None:
        """Be ready to be asked to leave, before the terminal is taken over."""
        self._running_loop = asyncio.get_running_loop()

    def leave(self, code: int) -> None:
        """Leave with this exit code: from a signal, at whatever moment it comes."""
        if self._running_loop is None:
            raise SystemExit(code)
        self._running_loop.call_soon_threadsafe(self.exit, None, code)

    def on_mount(self) -> None:
        """Say what is not as it should be."""
        behind = self.desk.history.behind()
        if behind > CLOCK_BEHIND_MS:
            from quiz.report.words import apart

            text = f"The clock is {apart(behind)} behind your latest answer. Check the date and time of this machine."
            self.notify(text, timeout=10, markup=False)
        for note in self.desk.history.notes:
            self.notify(note, timeout=10, markup=False)
        self.theme_changed_signal.subscribe(self, self._keep_theme)

    def on_ready(self) -> None:
        """Switch the garbage collector on again: until here every object made was kept anyway."""
        gc.freeze()
        gc.enable()
        if self.desk.history.settings.sync:
            self.set_timer(_SETTLED, self.desk.began)

    async def on_event(self, event: Event) -> None:
        """Drop keys and clicks that come before their question was seen (see `quiz.tui.gate`)."""
        if isinstance(event, Paste):
            event.text = clean(event.text)[:LONGEST]
        if not isinstance(event, Key | Paste | MouseDown | MouseUp) or self._lets_through(event):
            await super().on_event(event)

    def _lets_through(self, event: Key | Paste | MouseDown | MouseUp) -> bool:
        """Return whether an event may act.

        A key goes round the focused widget and comes back, and others of the same burst with it: so its turn is looked
        at again then. A mouse button counts when it is pressed; its release shares that fate.
        """
        if isinstance(event, Key) and event.key in _ALWAYS:
            return True
        if self._too_small:
            return False
        if event.is_forwarded:
            return self._turns.get(event, self.gate.turn) == self.gate.turn
        if isinstance(event, MouseUp):
            return self._pressed
        name = event.key if isinstance(event, Key) else MOUSE if isinstance(event, MouseDown) else "paste"
        admitted = self.gate.admits(name, self.desk.clock.ticks())
        if isinstance(event, MouseDown):
            self._pressed = admitted
        self._turns[event] = self.gate.turn
        return admitted

    def on_resize(self, event: Resize) -> None:
        """Say so when the terminal is too small, until it has grown."""
        small = event.size.width < FEWEST[0] or event.size.height < FEWEST[1]
        if small and not self._too_small:
            from quiz.tui.screens.small import TooSmallScreen

            self.push_screen(TooSmallScreen(FEWEST))
        elif self._too_small and not small:
            self.pop_screen()
        self._too_small = small

    # -- between screens ----------------------------------------------------------------------------------------------

    def study(self, plan: Plan, *, resume: bool = False) -> None:
        """Open a session in the place of the screen on top."""
        session = self.desk.session(plan, resume=resume)
        if session.shown is None:
            self.notify(_NOTHING.get(plan.mode, _NOTHING["study"]), markup=False)
        else:
            self.ask(session)

    def ask(self, session: Session) -> None:
        """Go on with a session at its question."""
        from quiz.tui.screens.study import StudyScreen

        self.show(StudyScreen(session))

    def finished(self, session: Session) -> None:
        """Show what a session came to."""
        from quiz.tui.screens.summary import SummaryScreen

        self.show(SummaryScreen(session))

    def teach(self, plan: TeachPlan | None = None) -> None:
        """Hold a patient session; without a plan, choose what it is about from the decks in use."""
        from quiz.deck.lessons import TeachPlan, open_lessons
        from quiz.tui.screens.teach import first_screen

        try:
            plan = plan or TeachPlan(open_lessons(self.desk.library.roots, self.desk.paths.local))
        except UsageError as error:
            self.notify(str(error), markup=False)
        else:
            self.show(first_screen(plan))

    def set_up_exam(self, scope: Scope) -> None:
        """Set up an exam over these cards, or go on with the one that was left."""
        from quiz.study.blueprint import ExamPlan
        from quiz.tui.screens.exam_setup import ExamSetupScreen

        self.show(ExamSetupScreen(ExamPlan(scope)))

    def leave_for_home(self, code: int) -> None:
        """Return to the home screen, or leave with this exit code where the program was opened for this alone."""
        from quiz.tui.screens.home import HomeScreen

        if isinstance(self.screen_stack[0], HomeScreen):
            self.go_home()
        else:
            self.exit(None, code)

    def go_home(self) -> None:
        """Return to the home screen."""
        from quiz.tui.screens.home import HomeScreen

        if isinstance(self.screen_stack[0], HomeScreen):
            self.pop_screen()
        else:
            self.show(HomeScreen())

    def show(self, screen: Screen[Any]) -> None:
        """Put a screen in the place of the one above the first: the first itself cannot be taken away."""
        self.gate.shut()  # until the new one is drawn
        if len(self.screen_stack) == 1:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    def show_trouble(self, screen: Screen[Any]) -> None:
        """Say on the screen that answers are not on the disk yet, or not in the history, as long as it is so."""
        trouble = self.desk.history.trouble
        strip = screen.query_one("#trouble", Static)
        strip.display = trouble is not None
        if trouble is not None:
            waiting = len(self.desk.history.pending)
            head = f"Not saved yet ({waiting}): " if waiting else "Saved beside the history: "
            strip.update(joined((head, "bold"), str(trouble)))

    def reading(self) -> contextlib.closing[sqlite3.Connection]:
        """Return a connection for a report; it closes itself at the end of a `with`."""
        return contextlib.closing(self.desk.history.reader())

    def _keep_theme(self, theme: Theme) -> None:
        """Keep the theme that was chosen, in the settings or by the palette."""
        self.desk.history.change_settings({"theme": theme.name})

    def _fatal_error(self) -> None:
        """Leave the terminal clean when the program has a fault; `run` hands the error on to the edge."""
        self._close_messages_no_wait()

    def action_interrupt(self) -> None:
        """Leave at once: every answer given is on the disk."""
        self.exit(None, 130)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from quiz.tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[Any]) -> Any:
        """Offer the actions of the screen by name, then Textual's own."""
        from textual.app import SystemCommand

        name = getattr(screen, "NAME", "")
        offered = [action for action in of(name) if action.label] if name else []
        for action in offered:
            yield SystemCommand(action.label, action.help, getattr(screen, f"action_{action.name}"))
        wanted = {"Theme", "Quit", "Screenshot"} - {action.label for action in offered}
        yield from (command for command in super().get_system_commands(screen) if command.title in wanted)


def run(
    desk: Desk,
    plan: Plan | TeachPlan | ExamPlan | Exam | Huddle | None,
    mouse: bool = True,
    *,
    resume: bool = True,
) -> int:
    """Run the TUI: with a plan straight at its first question, else at home. Returns the exit code."""
    if isinstance(plan, Plan):
        app = QuizApp(desk, desk.session(plan, resume=resume))
    elif plan is None:
        app = QuizApp(desk)
    else:
        from quiz.deck.lessons import TeachPlan

        app = QuizApp(desk, teach=plan) if isinstance(plan, TeachPlan) else QuizApp(desk, exam=plan)
    with on_signals(app.leave):
        app.run(mouse=mouse)
    if app._exception is not None:
        raise app._exception
    return app.return_code or 0
