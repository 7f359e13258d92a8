"""A question on the screen: its case, figure and stem, and the input for its kind. Study, exam and review share it.

How a screen drives it: `put` shows a question; keys go to `form` (see `AskingPage`, which sends them there). When the
learner hands an answer in, the screen's `taken` is called: with an answer that can be marked, or "" for nothing. What
cannot be read, or is not complete, is told below the input and asked for again before that. After it the view takes
nothing more until `restore` gives an answer back to be changed, or `freeze` shows it with its signs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quiz.questions import Mark
from quiz.study.shown import Shown
from quiz.tui.present import MUTED, joined, paragraphs, plain, styled, wrapped
from quiz.tui.widgets.form import Form, into_sight, roomy
from quiz.tui.widgets.picker import Picker

if TYPE_CHECKING:
    from quiz.deck.figures import Figure
    from quiz.questions import FigureMark
    from quiz.tui.screens.asking import AskingPage
    from quiz.tui.screens.page import Page
    from quiz.tui.widgets.drawing import FigureView

DONT_KNOW = "“I don't know”"


class QuestionView(Widget):
    """Shows one question at a time and takes its answer."""

    class Changed(Message):
        """Other keys work now."""

    def __init__(
        self,
        figure_of: Callable[[str], Figure | None],
        first: Shown | None = None,
        *,
        nothing: str = DONT_KNOW,
        id: str | None = None,
    ) -> None:
        """`figure_of` finds a figure by its id. `first` is the question that is put first: its input is made at once.

        `nothing` says what it means to hand in nothing.
        """
        super().__init__(id=id)
        self.shown: Shown | None = None
        self.figure: Figure | None = None
        self.form: Form | None = None
        self._figure_of = figure_of
        self._first = first
        self._nothing = nothing
        self._forms: dict[type[Form], Form] = {}
        self._drawing: FigureView | None = None
        self._stem = Static(id="stem")
        self._parts: dict[str, Static] = {}  # the others: `case`, `news`, `said`
        self._problem = ""
        self._doubted: str | None = None  # the incomplete answer that was asked back

    def compose(self) -> ComposeResult:
        # What the first question does not need is made later: each part costs time before it is there.
        if self._first and self._first.card.case:
            yield self._new("case")
        yield self._stem
        kind = _form_of(self._first, own_words=False) if self._first else None
        if self._first and kind:
            yield self._made(kind, self._first)

    # -- what a screen does with it -----------------------------------------------------------------------------------

    def put(self, shown: Shown, *, own_words: bool = False) -> None:
        """Show a question; with `own_words` a flip card is answered in writing (its learner marks it later)."""
        self.shown = shown
        self._problem, self._doubted = "", None
        self._put_case(shown)
        self._stem.update(plain(shown.question.stem))
        self.figure = self._figure_for(shown)
        self._put_figure(shown)
        self._put_form(shown, own_words)
        self._say()
        self.appeared()

    def given(self) -> str:
        """Return what stands there now ("" for nothing): it may not be complete, see `question.problem`."""
        return self.form.given() if self.form else ""

    def restore(self, given: str) -> None:
        """Put an answer given before back, to be changed."""
        self._problem, self._doubted = "", None
        if self.form:
            self.form.restore(given)
        self._say()

    def freeze(self, given: str, mark: Mark) -> None:
        """Show an answer with its signs; nothing more is taken."""
        self._problem = ""
        if self.form:
            self.form.freeze(given, mark)
        if self._drawing and self.figure:
            self._drawing.freeze(given)
        self.screen.set_focus(None)
        self._say()

    def problem(self, text: str) -> None:
        """Say below the input, in one line, why an answer cannot be taken. It stays as it is, to be mended."""
        self._problem = f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""
        self._say()
        if text:
            self.call_after_refresh(self.bring_into_sight)

    def bring_into_sight(self) -> None:
        """Where not all of the question can be seen: show what is new in the case, or said below, with the input."""
        parts = [part for part in self.children if part.display]
        said, news = self._parts.get("said"), self._parts.get("news")
        first = self.form if said is not None and said.display else news
        if first is None or not first.display:
            return
        into_sight(cast("Page", self.screen).body, first, parts[-1])

    @property
    def open(self) -> bool:
        """Whether an answer is taken."""
        return self.form is not None and self.form.open

    # -- inside -------------------------------------------------------------------------------------------------------

    def _put_case(self, shown: Shown) -> None:
        """Show what is known of the case and, on its own, what is new with this question."""
        known, new = _case(shown)
        self._put_part("case", paragraphs(known), before="#stem")
        self._put_part("news", paragraphs([new] if new is not None else []), before="#stem")

    def _put_part(self, name: str, text: Content, before: str | None) -> None:
        """Show a text in a part of its own, or nothing. It is made when it is first needed, and stands `before` one."""
        if text and name not in self._parts:
            self.mount(self._new(name), before=before)
        if part := self._parts.get(name):
            part.display = bool(text)
            part.update(text)

    def _new(self, name: str) -> Static:
        self._parts[name] = Static(id=name)
        return self._parts[name]

    def _put_form(self, shown: Shown, own_words: bool) -> None:
        """Show the input for this kind of question. It is made when the first one is asked."""
        kind = _form_of(shown, own_words=own_words)
        for other, form in self._forms.items():
            form.display = other is kind
        self.screen.set_focus(None)
        self.form = None
        if kind is None:
            return
        if kind not in self._forms:
            self.mount(self._made(kind, shown), after="#figure" if self._drawing else "#stem")
        self.form = self._forms[kind]
        self.form.ask(shown, self.figure)

    def _figure_for(self, shown: Shown) -> Figure | None:
        """Return the figure that is shown with a question, if there is one."""
        name = shown.card.figure_at(shown.question)
        return self._figure_of(name) if name else None

    def _made(self, kind: type[Form], shown: Shown) -> Form:
        """Return an input of this class, with as many rows from the start as the question needs."""
        form: Form = kind(views=len(shown.order)) if issubclass(kind, Picker) else kind()
        form.host = self
        form.add_class("form")
        self._forms[kind] = form
        return form

    def _put_figure(self, shown: Shown) -> None:
        """Show the figure, if there is one. What draws it is made when the first one is asked about."""
        if self._drawing:
            self._drawing.display = self.figure is not None
        if self.figure is None:
            return
        if self._drawing is None:
            from quiz.tui.widgets.drawing import FigureView

            self._drawing = FigureView(id="figure")
            self.mount(self._drawing, after="#stem")
        self._drawing.put(self.figure, shown.question, self._other_rows)

    def _other_rows(self, width: int) -> int:
        """Return about how many rows all but the figure takes in `width` cells."""
        if self.shown is None:
            return 0
        known, new = _case(self.shown)
        texts = [plain(self.shown.question.stem), *known, *([new] if new is not None else [])]
        gaps = len(texts) if roomy(self.screen) else 0
        form = self.form.rows(width) if self.form else 0
        return sum(wrapped(text, width).plain.count("\n") + 1 for text in texts) + gaps + form

    def _say(self) -> None:
        """Bring the line below the input up to date."""
        told = self.form.told() if self.form and self.form.open else ""
        text = styled(self._problem or told, "$text-warning" if self._problem else MUTED)
        self._put_part("said", text, before=None)

    # -- what its form tells it ---------------------------------------------------------------------------------------

    def ready(self, given: str) -> None:
        """Take an answer that is handed in: ask back what is missing in it, or say why it cannot be taken."""
        form, shown = self.form, self.shown
        if form is None or shown is None or not form.open:
            return
        if problem := shown.question.problem(given):
            self.problem(problem)
            return
        doubt = form.doubt(given)
        if doubt and self._doubted != given:
            self._doubted = given
            way = f"{form.CONFIRM} once more"
            self.problem(f"{doubt} - {way} to leave it so" if given else f"{doubt} - or {way} for {self._nothing}")
            cast("Page", self.screen).new_turn()  # the same key, held down, must not confirm it
            return
        form.close()
        # Called and not sent as a message: what the key changes and what comes of the answer are painted together. A
        # paint between the two would put the feedback off by two frames.
        cast("AskingPage", self.screen).taken(shown, given)

    def changed(self) -> None:
        """Other things stand there: what was told about those before is past."""
        if self._doubted is None or self._doubted != self.given():
            self._problem, self._doubted = "", None
        self._say()
        self.post_message(self.Changed())

    def appeared(self) -> None:
        """Bring what is new in a case into sight: all before it was read already."""
        if self.shown is not None and self.shown.step and self.open:
            self.call_after_refresh(self.bring_into_sight)


def _case(shown: Shown) -> tuple[list[Content], Content | None]:
    """Return what is known of the case, a paragraph each, and what is new with this question (or None)."""
    told = [plain(text) for text in shown.card.case_at(shown.question)]
    if not shown.step or not shown.card.unfolds[shown.step]:
        return told, None
    return told[:-1], joined(("New: ", "bold $text-accent"), told[-1])


def _form_of(shown: Shown, *, own_words: bool) -> type[Form] | None:
    """Return the class of the input for a question; the modules of the rarer kinds are loaded when one comes."""
    question = shown.question
    match question.kind:
        case "choice":
            from quiz.tui.widgets.options import ChoiceForm

            return ChoiceForm
        case "select":
            from quiz.tui.widgets.boxes import SelectForm

            return SelectForm
        case "order":
            from quiz.tui.widgets.steps import OrderForm

            return OrderForm
        case "match":
            from quiz.tui.widgets.pairs import MatchForm

            return MatchForm
        case "figure" if cast("FigureMark", question).points:
            from quiz.tui.widgets.marks import MarksForm

            return MarksForm
        case "flip" if not own_words:
            return None
    from quiz.tui.widgets.line import LineForm

    return LineForm
