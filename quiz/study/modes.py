"""What sets the ways of study apart: which cards are gathered, which question is asked, what the memory is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from quiz.deck.model import Card, question_id
from quiz.memory import Rating, StudyDay
from quiz.questions import Question
from quiz.settings import Settings, weekdays
from quiz.store.derive import CardState
from quiz.store.history import Candidate, family_of
from quiz.study.plan import Plan
from quiz.study.ports import Cards, Records
from quiz.study.queue import Drill, Queue
from quiz.study.rotation import choose

if TYPE_CHECKING:
    from quiz.store.changes import Change

SPRINT_RANKED = 4000  # cards due, and as many not due, that are ranked: some 10 ms for each thousand
PRETEST = 5  # questions
DRILLED = 24  # questions: a drill takes whole sets of look-alikes up to here, and at least one
BLOCKED, ALTERNATED = 2, 2  # how often a look-alike is asked alone when it is new, and then in turn with the others


def gather(records: Records, cards: Cards, plan: Plan, day: StudyDay) -> Queue | Drill:
    """Return what a session of this plan is to ask.

    `study` asks what is due, but for what waits for a lighter day, and the day's new cards. `refresher` goes on with
    the rest of a must-pass set, `cram` asks any card. `pretest` asks new cards only; `contrast` drills sets of
    look-alikes. In the last days before an exam that the learner has set, `study` asks what gains most by it.
    """
    scope, most = plan.scope, plan.most
    match plan.mode:
        case "contrast":
            return Drill(_drill(records, cards, plan))
        case "pretest":
            return Queue((), records.fresh(scope, day, plan.limit or PRETEST), day, plan.seed, set())
        case "refresher" | "cram":
            done = records.families_of(day) if plan.mode == "refresher" else set()
            due = records.due(scope, day, most)
            fresh = records.fresh(scope, day, most, done | {c.family for c in due})
            return Queue(due, fresh, day, plan.seed, done, records.resting(scope, day, most), records.params)
        case _ if records.settings.exam and (sprint := _sprint(records, cards, plan, day)) is not None:
            return sprint
        case _:
            done = records.families_of(day)
            budget = max(0, new_on(day, records.settings) - records.introduced(day))
            due = _today(records, plan, day)
            fresh = records.fresh(scope, day, budget, done | {c.family for c in due}) if budget else []
            if len(due) > plan.fits:
                return Queue((), fresh, day, plan.seed, done, rest=_behind(records, plan, due, day))
            return Queue(due, fresh, day, plan.seed, done, params=records.params)


def question(plan: Plan, card: Card, state: CardState, *, retry: bool, changes: Sequence[Change] = ()) -> Question:
    """Return the question to ask of a card. A case begins with its first; a refresher asks for proof at the first try.

    Proof is a question held back from practice: the one asked least lately. Otherwise a question whose answer changed
    since it was learned goes before the others.
    """
    if card.follows:
        return card.questions[0]
    proofs = [q for q in card.questions if q.proof]
    if plan.mode == "refresher" and proofs and not retry:
        asked = {q: state.asked.get(question_id(q)) for q in proofs}
        return min(proofs, key=lambda q: found.last if (found := asked[q]) else 0)
    return next((change.question for change in changes if change.due), None) or choose(card, state)


def told(plan: Plan, rating: Rating, *, again: bool) -> Rating | None:
    """Return the rating that the memory is told; None leaves the schedule alone. `again`: asked before in this session.

    Cramming never moves the schedule. A pretest starts what is known further out, and leaves what is not to the first
    lesson. In a drill a right answer given minutes after another one says nothing about the memory.
    """
    if plan.mode == "cram":
        return None
    if plan.mode == "pretest":
        return Rating.EASY if rating > Rating.HARD else None
    if plan.mode == "contrast" and again and rating > Rating.AGAIN:
        return None
    return rating


def new_on(day: StudyDay, settings: Settings) -> int:
    """Return how many new cards a day may bring: fewer on an easy one."""
    if not settings.easy_days:
        return settings.new
    from quiz.memory.balance import EASY, is_easy

    return int(settings.new * EASY) if is_easy(day, weekdays(settings.easy_days)) else settings.new


def minutes_on(day: StudyDay, settings: Settings) -> int:
    """Return how many minutes a day has for study (0: no limit): half of them on an easy one, but one at least."""
    if not settings.easy_days or not settings.minutes:
        return settings.minutes
    from quiz.memory.balance import EASY, is_easy

    return max(1, int(settings.minutes * EASY)) if is_easy(day, weekdays(settings.easy_days)) else settings.minutes


def _today(records: Records, plan: Plan, day: StudyDay) -> list[Candidate]:
    """Return the cards of the plan that are to be asked today: at most as many as it is worth ranking.

    Cards that the learner has picked one by one do not wait.
    """
    moved = records.moved(day)
    waiting = moved.waiting if not plan.scope.cards else frozenset()
    due = records.due(plan.scope, day, plan.most + len(waiting))
    early = records.among(plan.scope, moved.early)
    return [*(c for c in due if c.card not in waiting or c.changed), *early][: plan.most]


def _behind(records: Records, plan: Plan, due: list[Candidate], day: StudyDay) -> list[Candidate]:
    """Return the order for more cards than the session has time for: must-pass cards first, all that are due."""
    from quiz.memory.backlog import by_risk

    safe = records.due(replace(plan.scope, safety=True), day, plan.most)
    return by_risk({candidate.card: candidate for candidate in (*safe, *due)}.values(), day, records.params)


def _sprint(records: Records, cards: Cards, plan: Plan, day: StudyDay) -> Queue | None:
    """Return the session of the last days before an exam: what gains most by it first, then what else is due.

    The exam's new cards are met without the limit of a day: one that is not met by then is not known.
    None when no exam is near.
    """
    from quiz.study.target import by_worth, kept_target  # few sessions need it

    target = kept_target(records.settings.exam)
    if target is None or not target.sprints_on(day):
        return None
    done, most = records.families_of(day), max(plan.most, SPRINT_RANKED)
    scope = target.within(plan.scope, cards.named)
    ranked: list[Candidate] = []
    if scope is not None:
        met = [*records.due(scope, day, most), *records.resting(scope, day, most)]
        new = records.fresh(scope, day, plan.most, done | {c.family for c in met})
        ranked = by_worth([*met, *new], day, target.day, records.params)
    about = {candidate.card for candidate in ranked}
    others = [candidate for candidate in records.due(plan.scope, day, plan.most) if candidate.card not in about]
    return Queue((), (), day, plan.seed, done, rest=[*ranked[: plan.most], *others])


def _drill(records: Records, cards: Cards, plan: Plan) -> list[tuple[str, str]]:
    """Return the cards to ask, with their families: set by set, new ones alone first, then all in turn.

    Sets that failed most come first, and those that were not asked today.
    """
    today = records.today()
    sets = []
    for look_alikes in cards.contrasts(plan.scope):
        states = {card: state for card in look_alikes if not (state := records.state(card)).suspended}
        if len(states) > 1:
            seen_today = any(state.memory is not None and state.memory.day == today for state in states.values())
            sets.append((seen_today, -sum(state.lapses for state in states.values()), states))
    order: list[str] = []
    for _, _, states in sorted(sets, key=lambda found: found[:2]):
        awake = list(states)
        turn = plan.seed % len(awake)
        more = [card for card in awake if states[card].new for _ in range(BLOCKED)]
        more += [*awake[turn:], *awake[:turn]] * ALTERNATED
        if order and len(order) + len(more) > DRILLED:
            break
        order += more
    if plan.limit:
        allowed = list(dict.fromkeys(order))[: plan.limit]
        order = [card for card in order if card in allowed]
    return [(card, family_of(card)) for card in order]
