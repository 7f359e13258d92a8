-- The history of one learner.
--
-- `event` is the truth: rows are added and never changed or deleted. `state` is what follows from them; it can be
-- dropped and rebuilt at any time (`quiz doctor` compares the two). `session` is the place where a session stands, so
-- that it goes on at the same question; losing it loses no answer.

create table event (
    number integer primary key,   -- order of arrival in this file
    id text not null unique,      -- 32 hex digits, random
    device text not null,         -- 8 hex digits
    seq integer not null,         -- counts up on each device
    at integer not null,          -- UTC milliseconds
    offset integer not null,      -- of local time from UTC, in minutes
    day integer not null,         -- study day: days since 1970-01-01, with the roll-over hour taken off
    kind text not null,           -- answer undo suspend bury flag reset alias settings session
    card text,                    -- the card it is about; for an undo, the card of the event it names
    target text,                  -- for an undo: the id of the event it names; for an alias: the id the card had before
    rating integer,               -- 1 to 4, where the answer moves the schedule
    chance real,                  -- odds of being right by luck, where a right answer was a choice; else 0
    retention real,               -- the recall aimed at when the due day was set
    crc integer,                  -- checksum of all but `number` (rows.py); of older events it stands in `seal`
    body text not null            -- everything else, as JSON
);

-- With all that a replay asks for: a million answers are then read in their order and nothing is looked up.
create index event_by_card on event (card, at, device, seq, id, kind, day, rating, chance, retention)
    where card is not null;
create index event_by_day on event (day);
create index event_by_target on event (target) where target is not null;
create index event_by_kind on event (kind, number) where kind <> 'answer';
create index event_that_moves on event (card) where kind in ('alias', 'reset');
create index event_by_device on event (device, seq);

create trigger event_is_never_changed before update on event
begin
    select raise(abort, 'events are never changed');
end;

create trigger event_is_never_deleted before delete on event
begin
    select raise(abort, 'events are never deleted');
end;

-- The checksums of the events that were there before version 4 (`quiz/store/seals.py`). Written once.

create table seal (
    block integer primary key,    -- of the events number block * 1024 to block * 1024 + 1023
    sums blob not null            -- four bytes for each number
);

create table state (
    card text primary key,
    stability real,               -- days; null until the first answer that counts
    difficulty real,              -- 1 to 10
    day integer,                  -- study day of the last answer
    due integer not null,         -- study day on which the memory wants the card; of a new card, 0
    shown_from integer not null,  -- `due`, put off while buried; never while suspended; at once if its answer changed
    answers integer not null,
    lapses integer not null,
    days integer not null,        -- on how many different days it was recalled
    last_recalled integer not null,
    first_day integer,            -- study day of the first answer
    suspended integer not null,
    buried_until integer not null,
    flagged integer not null,
    danger integer not null,      -- on how many days it still has to be recalled since it was sure and wrong
    asked text not null           -- JSON: question -> [times, arrival of the last time, last mark, right answer then]
) without rowid;

-- With all that the day's queue asks for before the first question (`quiz/store/daily.py`, `History.due`).
create index state_by_day on state (shown_from, stability, difficulty, day, due, last_recalled, danger)
    where stability is not null;

create index state_in_danger on state (card) where danger > 0;

-- What was compared with the decks as they now stand (`quiz/store/revision.py`). Both tables can be emptied at any
-- time: the next start then compares anew.

create table compared (
    path text primary key,        -- a deck file
    digest text not null          -- what its cards ask and hold to be right
) without rowid;

create table revised (
    card text primary key,        -- a card of which some answer differs from what was learned
    keys text not null,           -- the answers it was compared with
    due integer not null          -- whether it has to come back at once
) without rowid;

create table session (
    id text primary key,
    day integer not null,
    started integer not null,     -- UTC milliseconds
    open integer not null,
    body text not null            -- JSON: the plan, what is still to be asked, what is on the screen
) without rowid;
