"""A patient session on the screen: one step at a time, in calm text. All rules are those of `quiz.study.teach`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from quiz.deck.lessons import Lessons, TeachPlan
from quiz.deck.sessions import MOST_TICKS, PatientSession
from quiz.errors import QuizError
from quiz.report.handout import handout
from quiz.report.pages import target_for_page, write_page
from quiz.report.spoken import NOT_FOR_TREATMENT, NOTHING_KEPT, ending, place, said
from quiz.study.teach import Stage, Teaching
from quiz.tui.actions import bindings
from quiz.tui.present import MUTED, fitted, hanging, joined, paragraphs, plain, styled
from quiz.tui.screens.page import Page
from quiz.tui.widgets.picker import Picker, Row

WIDEST = 68  # cells: shorter lines than elsewhere, to be read by two people at one screen
NARROW = 60  # columns: below it there is room for few keys, and for the narrow drawings only
UNWRITTEN = 4  # the exit code when a page that was asked for could not be written
_DIGITS = [Binding(str(i + 1), f"press({i})", show=False) for i in range(MOST_TICKS)]


class TeachScreen(Page):
    """Holds one session. It ends with what was taught back, and with the page to take home."""

    CSS_PATH = "../styles/teach.tcss"
    NAME = "teach"
    BINDINGS = [*bindings(NAME), *_DIGITS]

    def __init__(self, lessons: Lessons, session: PatientSession, target: Path | None = None) -> None:
        super().__init__()
        self._lessons = lessons
        self._figures = lessons.figures(session)
        self._target = target
        self._written: Path | None = None
        self._trouble = ""  # why the page could not be written
        self.teaching = Teaching(session, self._figures)

    def inside(self) -> ComposeResult:
        yield Static(id="point")
        yield Static(id="lead")
        yield Static(id="figure")
        yield Static(id="words")
        yield Static(id="note")
        yield Picker(id="ticks")

    def on_mount(self) -> None:
        for what in ("virtual_size", "scroll_y"):
            self.watch(self.body, what, self._draw_keys, init=False)
        self._show()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Put the step on the screen."""
        self.new_turn()
        self.query_one("#ticks", Picker).marked = None
        if self.teaching.done and self._target is not None:
            self.write(self._target)
        self.body.scroll_home(animate=False)
        self.draw()

    def draw(self) -> None:
        teaching = self.teaching
        where = place(teaching)
        title = teaching.session.title if teaching.step.stage is not Stage.BEGIN else "Patient session"
        top = fitted(title, max(0, self.line - len(where) - 1))
        self.query_one("#top", Static).update(joined(top, " ", where))
        if teaching.done:
            self._draw_end()
        else:
            self._draw_step()
        self._draw_ticks()
        self._draw_keys()
        self.call_after_refresh(self._draw_keys)  # only then is it known whether there is more below
        self.quiz.show_trouble(self)

    def _draw_step(self) -> None:
        words, looks = said(self.teaching, self._lessons.local), self.teaching.step.stage is Stage.LOOK
        sentences = [plain(text) for text in words.words]
        self._put("#point", styled(words.title, "bold $text-accent"))
        self._put("#lead", styled("" if looks else words.lead, MUTED))
        self._put("#figure", self._figure(self._high(sentences)) if looks else Content(""))
        self._put("#words", Content("\n").join(sentences) if looks else self._roomy(sentences))
        self._put("#note", styled(words.note, MUTED))

    def _draw_end(self) -> None:
        self._put("#point", styled("What we did", "bold $text-accent"))
        self._put("#lead", self._about_page())
        self._put("#figure", Content(""))
        parts = []
        for heading, items in ending(self.teaching.taught()):
            if items:
                lines = [hanging("· ", plain(item), self._width) for item in items]
                parts.append(Content("\n").join([styled(heading, "bold"), *lines]))
        self._put("#words", paragraphs(parts))
        self._put("#note", styled(f"{NOTHING_KEPT} {NOT_FOR_TREATMENT}", MUTED))

    def _about_page(self) -> Content:
        """Say where the page is, or why it is not, or how to make it."""
        if self._trouble:
            return joined(("! ", "bold $text-warning"), self._trouble)
        if self._written:
            return joined(("✓ ", "bold $text-accent"), f"The page to take home is in {self._written}")
        return styled("Press w for a page to take home.", MUTED)

    def _figure(self, words: int) -> Content:
        """Return the drawing that has room above so many lines of words, or else one to scroll through.

        In a terminal that is too narrow for any drawing the words must do.
        """
        assert self.teaching.point is not None
        figure, columns = self._figures[self.teaching.point.figure], self.line - 1
        return plain(figure.drawing(columns, self.size.height - 7 - words) or figure.drawing(min(columns, NARROW), 99))

    def _high(self, sentences: Sequence[Content]) -> int:
        """Return how many lines the sentences need."""
        return sum(len(sentence.wrap(self._width)) for sentence in sentences)

    def _roomy(self, sentences: Sequence[Content]) -> Content:
        """Return the sentences with an empty line between them where the screen has room for that."""
        room = self.size.height - 10 - len(self.teaching.to_tick)
        roomy = self._high(sentences) + len(sentences) <= room
        return Content("\n\n" if roomy else "\n").join(sentences)

    def _draw_ticks(self) -> None:
        teaching, picker = self.teaching, self.query_one("#ticks", Picker)
        picker.display = bool(teaching.to_tick)
        rows = [_tick_row(i, phrase, i in teaching.ticked) for i, phrase in enumerate(teaching.to_tick)]
        picker.put(rows, picker.marked)

    def _draw_keys(self) -> None:
        teaching = self.teaching
        if teaching.done:
            self.show_keys(["page", "back", "help", "end"], {"end": "Leave"})
            return
        narrow = self.size.width < NARROW  # one line of keys, so that none of the text moves when they change
        last = len(teaching.to_tick)
        first = [("1" if last == 1 else f"1-{last}", "Tick", "")] if last else []
        back = ["back"] * (teaching.step.stage is not Stage.BEGIN)
        more = ["help"] * (not narrow or not first)
        labels = {"go_on": "More"} if self._more else {}
        self.show_keys(["go_on", *back, *more, "end"], labels | ({"end": "End"} if narrow else {}), first)

    def _put(self, name: str, content: Content) -> None:
        """Show a text, or nothing at all where it is empty."""
        self.query_one(name, Static).update(content)
        self.query_one(name).display = bool(content)

    @property
    def _width(self) -> int:
        return min(WIDEST, self.line - 1)  # one cell is the scrollbar's

    @property
    def _more(self) -> bool:
        """Whether there is more below what is in sight."""
        return self.body.scroll_y < self.body.max_scroll_y

    # -- what the educator does ---------------------------------------------------------------------------------------

    def action_go_on(self) -> None:
        """Enter: show what is still below, else go on; at the end make the page."""
        if self._more:
            self.body.scroll_page_down(animate=False)
        elif self.teaching.done:
            self.action_page()
        else:
            self.teaching.next()
            self._show()

    def action_back(self) -> None:
        """Go back by one step."""
        self.teaching.back()
        self._show()

    def action_tick(self) -> None:
        """Tick the marked phrase; where nothing can be ticked, go on."""
        if self.teaching.to_tick:
            self.query_one("#ticks", Picker).take()
        else:
            self.action_go_on()

    def action_press(self, i: int) -> None:
        """A digit: tick that phrase, or take its tick off."""
        if i < len(self.teaching.to_tick):
            self._tick(i)

    def action_page(self) -> None:
        """Ask where to write the page to take home; before the end there is none."""
        if self.teaching.done:
            from quiz.tui.screens.teach_page import TeachPageScreen

            self.app.push_screen(TeachPageScreen(self.teaching.session.procedure, self.write_to))

    def action_end(self) -> None:
        """End the session here; at the end, leave."""
        if self.teaching.done:
            self.quiz.leave_for_home(UNWRITTEN if self._target is not None and self._written is None else 0)
        else:
            self.teaching.end()
            self._show()

    def move(self, step: int) -> None:
        if self.teaching.to_tick:
            self.query_one("#ticks", Picker).move(step)
        else:
            super().move(step)

    @on(Picker.Taken)
    def _taken(self, message: Picker.Taken) -> None:
        self._tick(message.index)

    def _tick(self, index: int) -> None:
        self.teaching.tick(index)
        self.query_one("#ticks", Picker).marked = index
        self._draw_ticks()

    # -- the page -----------------------------------------------------------------------------------------------------

    def write_to(self, name: str) -> str:
        """Write the page to the file of this name; return what is wrong, or nothing when it is written."""
        try:
            self.write(target_for_page(name))
        except QuizError as error:
            return str(error)
        self.draw()
        return self._trouble

    def write(self, target: Path) -> None:
        """Write the page, in the place of one that this session wrote there before. Trouble is told on the screen."""
        page = handout(self.teaching.taught(), self._lessons.local, self._lessons.sources())
        try:
            write_page(page, target, again=target == self._written)
        except QuizError as error:
            self._trouble = str(error)
        else:
            self._written, self._trouble = target, ""


def _tick_row(index: int, phrase: str, ticked: bool) -> Row:
    text = plain(phrase)
    box = "[x]" if ticked else "[ ]"
    return Row(lambda width: hanging(f"{box} {index + 1}  ", text, width))


def first_screen(plan: TeachPlan) -> Page:
    """Return the screen on which a patient session begins: the session itself, or the choice of one."""
    if plan.session is not None:
        return TeachScreen(plan.lessons, plan.session, plan.target)
    from quiz.tui.screens.teach_choice import TeachChoiceScreen

    return TeachChoiceScreen(plan)
