"""The library: decks are found and read when they changed, and only then; the catalogue is a cache that may break."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from quiz.deck import figures, reader
from quiz.deck import library as module
from quiz.deck.library import Library
from quiz.deck.model import Deck
from tests.support.decks import CLOZE, FLIP, OTHER_FLIP, TYPED, deck, write
from tests.support.hostile import broken_files, folder_for_all
from tests.support.rights import as_nobody


def ids(library: Library) -> list[str]:
    return [card.id for card in library.cards()]


def named(card: str, entry: str = FLIP) -> str:
    return f"id: {card}\n{entry}"


@pytest.fixture
def decks(tmp_path: Path) -> Path:
    """Return a folder with two decks and a bibliography."""
    folder = tmp_path / "decks"
    write(folder, deck(named("a1"), named("a2", TYPED), top="title: Deck A\ntopic: risks"), "a.yaml")
    write(folder, deck(named("b1"), top="title: Deck B\ntopic: history"), "b.yaml")
    write(folder, "smith:\n  title: A title\n", "sources.yaml")
    return folder


Open = Callable[..., Library]


@pytest.fixture
def open_library(decks: Path, tmp_path: Path) -> Iterator[Open]:
    """Return a way to open the library of some roots (else of the folder), fresh; all are closed in the end."""
    opened: list[Library] = []

    def opening(*roots: Path) -> Library:
        opened.append(Library(roots or (decks,), tmp_path / "cache"))
        opened[-1].refresh()
        return opened[-1]

    yield opening
    for library in opened:
        library.close()


@contextmanager
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note the names of the decks that are read meanwhile."""
    read: list[str] = []

    def noted(path: Path) -> Deck:
        read.append(path.name)
        return plain(path)

    plain = reader.read_deck
    with monkeypatch.context() as patch:
        patch.setattr(reader, "read_deck", noted)
        yield read


# -- what is read and when --------------------------------------------------------------------------------------------


def test_all_cards_are_there_deck_by_deck(open_library: Open) -> None:
    library = open_library()
    assert ids(library) == ["a1", "a2", "b1"]
    assert [(d.title, d.cards, d.problems) for d in library.decks()] == [("Deck A", 2, 0), ("Deck B", 1, 0)]
    assert library.problems() == []


def test_a_card_comes_as_it_was_read(open_library: Open, decks: Path) -> None:
    assert open_library().card("a2") == reader.read_deck(decks / "a.yaml").cards[1]
    assert open_library().card("nobody") is None


def test_decks_come_in_the_order_that_they_name(open_library: Open, decks: Path) -> None:
    write(decks, deck(named("z1"), top="title: Z\norder: 1"), "z.yaml")
    write(decks, deck(named("y1"), top="title: Y\norder: 2"), "y.yaml")
    assert ids(open_library()) == ["z1", "y1", "a1", "a2", "b1"]


def test_a_warm_start_reads_no_deck(open_library: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    open_library().close()
    with reading(monkeypatch) as read:
        library = open_library()
        assert not library.refresh()
        assert ids(library) == ["a1", "a2", "b1"]
    assert read == []


def test_only_a_changed_deck_is_read_again(open_library: Open, decks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = open_library()
    write(decks, deck(named("b2")), "b.yaml")
    steps: list[tuple[int, int]] = []
    with reading(monkeypatch) as read:
        assert library.refresh(lambda done, of: steps.append((done, of)))
    assert read == ["b.yaml"]
    assert steps == [(0, 1)]
    assert ids(library) == ["a1", "a2", "b2"]


def test_a_new_deck_is_noticed(open_library: Open, decks: Path) -> None:
    library = open_library()
    write(decks, deck(named("c1")), "deeper/still/c.YML")
    assert library.refresh()
    assert ids(library) == ["a1", "a2", "b1", "c1"]


def test_a_deck_that_went_is_forgotten(open_library: Open, decks: Path) -> None:
    library = open_library()
    (decks / "a.yaml").unlink()
    assert library.refresh()
    assert ids(library) == ["b1"]
    assert library.card("a1") is None
    assert len(library.decks()) == 1


def test_a_renamed_deck_keeps_its_cards(open_library: Open, decks: Path) -> None:
    library = open_library()
    (decks / "a.yaml").rename(decks / "z.yaml")
    assert library.refresh()
    assert ids(library) == ["b1", "a1", "a2"]
    assert [Path(d.path).name for d in library.decks()] == ["b.yaml", "z.yaml"]


def test_a_change_that_keeps_size_and_time_is_noticed(open_library: Open, decks: Path) -> None:
    """As a restored backup or a copy with its times does."""
    library, path = open_library(), decks / "b.yaml"
    before = path.stat()
    other = write(decks.parent, path.read_bytes().replace(b"b1", b"b9"), "other")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert library.refresh()
    assert ids(library) == ["a1", "a2", "b9"]


def test_a_change_in_place_that_sets_its_time_back_is_noticed(open_library: Open, decks: Path) -> None:
    library, path = open_library(), decks / "b.yaml"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"b1", b"b9"))
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # the file system's clock may tick slowly
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert library.refresh()
    assert ids(library) == ["a1", "a2", "b9"]


def test_a_fault_is_told_until_it_is_mended(open_library: Open, decks: Path) -> None:
    library = open_library()
    write(decks, deck(named("b1", "ask: a")), "b.yaml")
    library.refresh()
    (problem,) = library.problems()
    assert str(problem).startswith(f"{decks / 'b.yaml'}:3:5: this question has no answer of any known kind - ")
    assert problem.card == "b1"
    assert [d.problems for d in library.decks()] == [0, 1]
    write(decks, deck(named("b1")), "b.yaml")
    library.refresh()
    assert library.problems() == []


def test_one_bad_file_never_stops_the_good_ones(open_library: Open, decks: Path) -> None:
    expected = broken_files(decks)
    library = open_library()
    assert ids(library) == ["a1", "a2", "b1"]
    problems = library.problems()
    assert problems == sorted(problems)
    for name, sign in expected.items():
        assert any(str(p).startswith(str(decks / name)) and sign in p.what for p in problems), name
    assert not library.refresh()


def test_what_is_no_deck_is_left_alone(open_library: Open, decks: Path) -> None:
    for name in (".hidden.yaml", ".git/x.yaml", "figures/x.yaml", "__pycache__/x.yaml", "notes.txt", "x.yaml~"):
        write(decks, deck(named("no")), name)
    assert ids(open_library()) == ["a1", "a2", "b1"]


def test_a_name_that_is_no_text_or_means_harm_stops_nothing(open_library: Open, decks: Path) -> None:
    write(decks, "cards: []", "a\x1b[2J\n.yaml")
    raw = os.fsencode(decks) + b"/caf\xe9.yaml"
    with open(raw, "wb") as file:  # noqa: PTH123  # a path of bytes
        file.write(deck(named("c1"), "ask: a").encode())
    library = open_library()
    assert ids(library) == ["a1", "a2", "b1", "c1"]
    assert all(str(problem).isprintable() for problem in library.problems())
    assert "caf\\xe9.yaml:" in str(library.problems()[-1])
    assert not library.refresh()


def test_a_reader_that_is_interrupted_leaves_the_catalogue_as_it_was(
    open_library: Open, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library()
    for name in ("a", "b"):
        write(decks, deck(named(f"{name}9")), f"{name}.yaml")

    def interrupted(path: Path) -> Deck:
        if path.name == "b.yaml":
            raise KeyboardInterrupt
        return plain(path)

    plain = reader.read_deck
    with monkeypatch.context() as patch:
        patch.setattr(reader, "read_deck", interrupted)
        with pytest.raises(KeyboardInterrupt):
            library.refresh()
    assert ids(library) == ["a1", "a2", "b1"]
    assert library.refresh()
    assert ids(library) == ["a9", "b9"]


def test_another_version_of_the_program_reads_all_decks_again(
    open_library: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may know fields that this one does not, and the other way round."""
    open_library().close()
    monkeypatch.setattr(module, "__version__", "99.0")
    with reading(monkeypatch) as read:
        open_library()
    assert read == ["a.yaml", "b.yaml"]


# -- one id in two files ----------------------------------------------------------------------------------------------


def test_of_an_id_in_two_files_neither_is_asked_and_both_places_are_named(open_library: Open, decks: Path) -> None:
    write(decks, deck(named("b1"), named("a2")), "b.yaml")
    library = open_library()
    assert ids(library) == ["a1", "b1"]
    assert library.card("a2") is None
    a, b = decks / "a.yaml", decks / "b.yaml"
    mend = "give one of the two cards another id"
    assert [str(p) for p in library.problems()] == [
        f"{a}:7:1: id 'a2' stands twice (also {b}:6) - {mend}",
        f"{b}:6:1: id 'a2' stands twice (also {a}:7) - {mend}",
    ]


def test_both_come_back_when_one_has_another_id(open_library: Open, decks: Path) -> None:
    write(decks, deck(named("a2")), "b.yaml")
    library = open_library()
    assert ids(library) == ["a1"]
    write(decks, deck(named("b2")), "b.yaml")
    library.refresh()
    assert ids(library) == ["a1", "a2", "b2"]
    assert library.problems() == []


def test_siblings_stand_and_fall_with_their_card(open_library: Open, decks: Path) -> None:
    write(decks, deck(named("a1", "both_ways: true\nask: rhiza\nanswer: root")), "b.yaml")
    library = open_library()
    assert ids(library) == ["a2"]
    assert len(library.problems()) == 2


def test_of_three_files_each_names_the_two_others(open_library: Open, decks: Path) -> None:
    for name in ("b", "c"):
        write(decks, deck(named("a1")), f"{name}.yaml")
    first = open_library().problems()[0]
    assert f"(also {decks / 'b.yaml'}:3, {decks / 'c.yaml'}:3)" in first.what


def test_a_card_that_is_in_two_files_without_an_id_is_told_too(open_library: Open, decks: Path) -> None:
    for name in ("c", "d"):
        write(decks, deck(CLOZE), f"{name}.yaml")
    library = open_library()
    assert ids(library) == ["a1", "a2", "b1"]
    assert len(library.problems()) == 2


def test_a_deck_that_is_named_twice_is_one_deck(open_library: Open, decks: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(decks)
    library = open_library(decks, decks / "a.yaml", decks / "..", tmp_path / "link")
    assert ids(library) == ["a1", "a2", "b1"]
    assert library.problems() == []


# -- the bibliography -------------------------------------------------------------------------------------------------


def test_a_source_is_found_until_it_goes(open_library: Open, decks: Path) -> None:
    library = open_library()
    source = library.source("smith")
    assert source is not None
    assert source.title == "A title"
    assert library.source("jones") is None
    write(decks, "jones:\n  title: Another\n", "sources.yaml")
    library.refresh()
    assert library.source("smith") is None
    assert library.source("jones") is not None
    (decks / "sources.yaml").unlink()
    assert library.refresh()
    assert library.source("jones") is None


def test_a_bibliography_is_no_deck_and_its_faults_are_told(open_library: Open, decks: Path) -> None:
    write(decks, "smith:\n  titel: A\n", "sources.yaml")
    library = open_library()
    assert len(library.decks()) == 2
    assert {p.place.file for p in library.problems()} == {str(decks / "sources.yaml")}


def test_a_single_deck_has_the_bibliography_beside_it(open_library: Open, decks: Path) -> None:
    assert open_library(decks / "a.yaml").source("smith") is not None


def test_sources_are_kept_when_a_deck_changes(open_library: Open, decks: Path) -> None:
    library = open_library()
    write(decks, deck(named("b2")), "b.yaml")
    library.refresh()
    assert library.source("smith") is not None


# -- figures ----------------------------------------------------------------------------------------------------------

FIGURE = """\
id: joint
title: {title}
wide: "[1]"
narrow: "[1]"
alt: A joint.
marks: [{{mark: 1, label: joint}}]
"""


def title(library: Library) -> str | None:
    figure = library.figure("joint")
    return figure.title if figure else None


def test_a_figure_is_found_until_it_goes(open_library: Open, decks: Path) -> None:
    path = write(decks, FIGURE.format(title="One"), "figures/joint.yaml")
    library = open_library()
    assert (title(library), library.figure("knee")) == ("One", None)
    write(decks, FIGURE.format(title="Another"), "figures/joint.yaml")
    assert library.refresh()
    assert title(library) == "Another"
    path.unlink()
    assert library.refresh()
    assert title(library) is None


def test_a_figure_is_no_deck_and_its_faults_are_told(open_library: Open, decks: Path) -> None:
    write(decks, "id: joint\n", "figures/joint.yaml")
    library = open_library()
    assert len(library.decks()) == 2
    assert ids(library) == ["a1", "a2", "b1"]
    assert {p.place.file for p in library.problems()} == {str(decks / "figures/joint.yaml")}
    assert title(library) is None


def test_a_single_deck_has_the_figures_beside_it(open_library: Open, decks: Path) -> None:
    write(decks, FIGURE.format(title="One"), "figures/joint.yaml")
    assert title(open_library(decks / "a.yaml")) == "One"


def test_figures_in_folders_below_are_found(open_library: Open, decks: Path) -> None:
    write(decks, FIGURE.format(title="Deep"), "more/figures/joint.yml")
    assert title(open_library()) == "Deep"


def test_of_two_figures_with_one_id_the_first_by_path_is_shown_until_it_goes(open_library: Open, decks: Path) -> None:
    write(decks, FIGURE.format(title="Two"), "figures/two.yaml")
    first = write(decks, FIGURE.format(title="One"), "figures/one.yaml")
    library = open_library()
    assert title(library) == "One"
    first.unlink()
    library.refresh()
    assert title(library) == "Two"


def test_a_warm_start_reads_no_figure(open_library: Open, decks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(decks, FIGURE.format(title="One"), "figures/joint.yaml")
    open_library().close()
    monkeypatch.setattr(figures, "read_figure", lambda path: pytest.fail(f"{path} was read"))
    library = open_library()
    assert not library.refresh()
    assert title(library) == "One"


def test_figures_are_kept_when_a_deck_changes(open_library: Open, decks: Path) -> None:
    write(decks, FIGURE.format(title="One"), "figures/joint.yaml")
    library = open_library()
    write(decks, deck(named("b2")), "b.yaml")
    library.refresh()
    assert title(library) == "One"


# -- looking up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a", "A", "a.yaml", "deck a", "Deck A", "DECK  A", "decks/a.yaml", "./decks/../decks/a.yaml"]
)
def test_a_deck_is_known_by_its_file_its_title_and_its_path(
    name: str, open_library: Open, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(decks.parent)
    assert open_library().named([name]) == ((str(decks / "a.yaml"),), [])


def test_a_folder_means_all_decks_in_it(open_library: Open, decks: Path) -> None:
    write(decks, deck(named("c1")), "more/c.yaml")
    library = open_library()
    assert library.named([str(decks / "more")]) == ((str(decks / "more" / "c.yaml"),), [])
    assert len(library.named([str(decks)])[0]) == len(library.named([os.sep])[0]) == 3


def test_names_that_mean_nothing_are_given_back(open_library: Open, decks: Path) -> None:
    paths, unknown = open_library().named(["b", "nobody", "b.yaml", "../x\x1b[2J"])
    assert paths == (str(decks / "b.yaml"),)
    assert unknown == ["nobody", "../x\x1b[2J"]


def test_the_values_of_a_field_are_listed_once(open_library: Open, decks: Path) -> None:
    more = deck(f"{OTHER_FLIP}\naudience: [student, nurse]", f"{CLOZE}\naudience: nurse\ntopic: risks, benefits")
    write(decks, more, "c.yaml")
    library = open_library()
    assert library.values("topic") == ["history", "risks", "risks, benefits"]
    assert library.values("audience") == ["nurse", "student"]
    assert library.values("procedure") == []


def test_a_single_file_may_come_later(open_library: Open, tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    library = open_library(path)
    assert "is not there" in str(library.problems()[0])
    write(tmp_path, deck(named("l1")), "later.yaml")
    assert library.refresh()
    assert ids(library) == ["l1"]


# -- a catalogue that breaks ------------------------------------------------------------------------------------------


def at(place: int, content: bytes) -> Callable[[bytes], bytes]:
    """Return a way to overwrite some bytes of a file."""
    return lambda whole: whole[:place] + content + whole[place + len(content) :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"no database at all " * 1000,
    "bytes": lambda _: bytes(range(256)) * 64,
    "cut off": lambda whole: whole[:5000],
    "another header": at(0, b"SQLite format 4"),
    "first page": at(100, b"\xff" * 3000),
    "second page": at(4096, b"\xff" * 4096),
    "zeros": at(4096, b"\0" * 20_000),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_catalogue_is_made_anew(damage: str, open_library: Open, decks: Path) -> None:
    library = open_library()
    library.close()
    library.path.write_bytes(DAMAGE[damage](library.path.read_bytes()))
    again = open_library()
    write(decks, deck(named("b1")), "b.yaml")
    again.refresh()
    assert ids(again) == ["a1", "a2", "b1"]
    assert again.path == library.path


def test_a_catalogue_of_another_version_is_made_anew(open_library: Open) -> None:
    library = open_library()
    library.close()
    with closing(sqlite3.connect(library.path)) as db:
        db.execute("alter table card rename to old")
        db.execute("pragma user_version = 999")
    assert ids(open_library()) == ["a1", "a2", "b1"]


def test_a_database_of_somebody_else_is_made_anew(open_library: Open) -> None:
    library = open_library()
    library.close()
    library.path.unlink()
    with closing(sqlite3.connect(library.path)) as db:
        db.execute("create table other (x)")
        db.execute(f"pragma user_version = {module.CATALOGUE_VERSION}")
    assert ids(open_library()) == ["a1", "a2", "b1"]


@contextmanager
def without_rights(home: Path) -> Iterator[None]:
    """Take away every right to write below `home`, and the rights of root."""
    for path in (*home.rglob("*"), home):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_nobody():
            yield
    finally:
        for path in (home, *home.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize("known", [False, True], ids=["no catalogue yet", "a catalogue from before"])
def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_one(known: bool) -> None:
    with folder_for_all() as home:
        decks, cache = home / "decks", home / "cache"
        write(decks, deck(named("a1")))
        cache.mkdir()
        first = Library([decks], cache)
        if known:
            first.refresh()
        first.close()
        if not known:
            shutil.rmtree(cache)
            cache.mkdir()
        write(decks, deck(named("a2")))
        with without_rights(home):
            library = Library([decks], cache)
            library.refresh()
            assert ids(library) == ["a2"]
            temporary = library.path.parent
            assert cache not in library.path.parents
            library.close()
            assert not temporary.exists()


def test_a_catalogue_that_may_only_be_read_is_made_anew() -> None:
    with folder_for_all() as home:
        decks, cache = home / "decks", home / "cache"
        write(decks, deck(named("a1")))
        cache.mkdir()
        with closing(Library([decks], cache)) as first:
            first.refresh()
        first.path.chmod(0o444)
        cache.chmod(0o777)
        write(decks, deck(named("a2")))
        with as_nobody():
            library = Library([decks], cache)
            library.refresh()
            assert ids(library) == ["a2"]
            assert library.path == first.path
            library.close()


def test_a_cache_that_is_a_file_is_replaced_by_a_temporary_one(decks: Path, tmp_path: Path) -> None:
    write(tmp_path, "", "file")
    with closing(Library([decks], tmp_path / "file")) as library:
        library.refresh()
        assert ids(library) == ["a1", "a2", "b1"]


def test_without_any_place_to_write_it_says_so(decks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "", "file")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="the catalogue of the decks cannot be written"):
        Library([decks], tmp_path / "file")


# -- two at once ------------------------------------------------------------------------------------------------------


def test_two_programs_share_a_catalogue(open_library: Open, decks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = open_library(), open_library()
    write(decks, deck(named("b2")), "b.yaml")
    assert one.refresh()
    with reading(monkeypatch) as read:
        assert not other.refresh()
    assert read == []
    assert ids(one) == ids(other) == ["a1", "a2", "b2"]


def test_one_reads_while_the_other_writes(open_library: Open, decks: Path) -> None:
    one, other = open_library(), open_library()
    write(decks, deck(named("b2")), "b.yaml")
    seen: list[list[str]] = []
    one.refresh(lambda *_: seen.append(ids(other)))
    assert seen == [["a1", "a2", "b1"]]
    assert ids(other) == ["a1", "a2", "b2"]


def test_programs_that_start_at_once_on_nothing_all_get_all_cards(decks: Path, tmp_path: Path) -> None:
    found: list[list[str]] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        with closing(Library([decks], tmp_path / "cache")) as library:
            library.refresh()
            found.append(ids(library))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["a1", "a2", "b1"]] * 8
