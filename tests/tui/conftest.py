"""What several of these tests need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.study.plan import Plan


@pytest.fixture
def same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sessions begun at home come out alike."""
    original = Desk.plan

    def plan(desk: Desk, scope: Scope, *limits: Any) -> Plan:
        return replace(original(desk, scope, *limits), seed=7)

    monkeypatch.setattr(Desk, "plan", plan)
