"""A deck with a card for every kind of question, and the figure that two of them show."""

from __future__ import annotations

from pathlib import Path

FIGURE = """\
id: root
title: From the cord to the joint
caption: The back is at the top. The two roots join outside the cord.
wide: |2
   DORSAL                                    ╭──[4]
       ╭─────┬─────╮                         │
    ╭──╯░░   │   ░░╰──╮ ═════[1]═══╗ ╭─────╮ │
    │     ░░░ ╵ ░░░     │          ╚═╡ [2] ╞═╪═══
    │    ░░░░░o░░░░░    │            ╰─────╯ ║
    ╰──╮  ░░░ ╷ ░░░  ╭──╯ ━━━━━━━[3]━━━━━━━━━┛
       ╰─────┴─────╯
   VENTRAL
narrow: |2
   DORSAL          ╭─[4]
    ╭──┬──╮ ═[1]═╗ │
   ╭╯░ │ ░╰╮     ║[2]
   ╰╮░ ╷ ░╭╯ ━[3]┛
    ╰──┴──╯
   VENTRAL
alt: >-
  A slice of the cord with the back at the top. Mark 1 is the dorsal root. It swells into the ganglion, mark 2.
  Below it runs the ventral root, mark 3. Mark 4 goes to the joint.
marks:
  - mark: 1
    label: dorsal root
    note: It carries sensory fibres into the cord.
  - mark: 2
    label: dorsal root ganglion
  - mark: 3
    label: ventral root
    note: It carries motor fibres out of the cord.
  - mark: 4
    label: medial branch
"""

KINDS = """\
title: All kinds
topic: technique
cards:
  - id: pick
    why: Both carry a warning in every leaflet.
    questions:
      - ask: Which of these call for help at once after a facet treatment?
        choices:
          - right: Fever with stiffness of the neck
          - right: New weakness of a leg
          - wrong: A sore spot where the needle went in
            why: That is usual for some days.
          - wrong: Tiredness in the evening
            why: The calming medicine lasts into the evening.
  - id: two
    why: The pad and the tip are what the current runs between.
    questions:
      - ask: Which two does the current run between?
        choose: 2
        choices:
          - right: The bare tip
          - right: The return pad
          - wrong: The skin marker
            why: It is only ink.
          - wrong: The X-ray arm
  - id: heat
    why: Below 45 °C the tissue recovers, far above it chars.
    questions:
      - ask: How hot is the tip during a conventional lesion?
        number: 80
        unit: "°C"
        tolerance: 5
  - id: steps
    why: The test comes before the lesion, so that no other nerve is heated.
    questions:
      - ask: Put the steps of a facet treatment in order.
        order:
          - Numb the skin
          - Place the needle under X-ray
          - Test for movement of the leg
          - Make the lesion
  - id: pairs
    why: Each treatment has its own target.
    questions:
      - ask: Match each treatment to what it treats.
        match:
          facet treatment: the medial branch
          SDR: the dorsal rootlets
          trigeminal rhizotomy: the ganglion
        distractors: [the ventral root]
  - id: name
    why: The root lies between the cord and the ganglion.
    questions:
      - ask: What is the structure at [1]?
        figure: root
        mark: 1
        accept: [dorsal root, posterior root]
  - id: point
    why: The ventral root has no ganglion.
    questions:
      - ask: Which mark is the ventral root?
        figure: root
        mark: 3
  - id: shown
    why: The ganglion belongs to the dorsal root.
    questions:
      - ask: Which of the two roots has the ganglion at [2]?
        figure: root
        choices:
          - right: The one at [1]
          - wrong: The one at [3]
            why: That one has none.
  - id: ward
    case: A nurse calls you to a man of 61, two hours after a facet treatment on both sides.
    why: A leg that gives way may be the anesthetic, but a bladder that does not empty is not.
    questions:
      - ask: What do you look at first?
        choices:
          - right: The strength of both legs
          - wrong: The plaster on his back
      - case: Both legs are weak, and he has not passed water since.
        ask: How soon must he be seen by a doctor?
        choices:
          - right: At once
          - wrong: In the morning
      - case: The scan shows blood beside the cord.
        ask: What does he need?
        answer: decompression
        accept: [surgery]
  - id: word
    why: The Greek rhiza is a root.
    questions:
      - ask: What does rhizotomy mean?
        answer: Cutting a root
"""


def write_kinds(folder: Path) -> Path:
    """Write the deck and its figure; return their folder."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "kinds.yaml").write_text(KINDS, "utf-8")
    (folder / "figures" / "root.yaml").write_text(FIGURE, "utf-8")
    return folder
