-- The catalogue: all sound cards of some deck folders, read once and kept until a file changes.
-- It is a cache. It can be deleted at any time; nothing of the learner's is in it.

create table file (
    path text primary key,
    stamp text not null,           -- size, time and inode: when they differ the file is read again
    title text not null,
    place integer not null,        -- the deck's place among the others
    problems text not null,        -- JSON list of [line, column, what, mend, card]
    digest text not null           -- what matters to a history: ids, questions, right answers, `same-as`, `reset`
) without rowid;

create table card (
    id text not null,
    family text not null,
    path text not null,
    position integer not null,     -- within the file
    line integer not null,
    topic text not null,
    procedure text not null,
    audience text not null,        -- ',student,nurse,'
    tier text not null,
    safety integer not null,
    live integer not null default 1,  -- 0 while another file claims the same id
    keys text not null,            -- 'question=answer' by id and fingerprint, parted by spaces
    body text not null             -- the whole card as JSON
);

-- With what is asked of a thousand cards before the first question (`quiz/store/daily.py`).
create index card_by_id on card (id, live, safety, family, topic);
create index card_by_file on card (path, position);
create index card_to_pass on card (id) where safety;

-- What a filter looks at (`quiz/deck/filter.py`), apart from the cards so that a search reads little.
create table wording (
    card integer primary key,      -- rowid of the card
    words text not null,           -- its texts as they are compared, a line each
    traits text not null           -- 'field:value' as compared, each between line feeds
);

create trigger wording_goes_with_its_card after delete on card
begin
    delete from wording where card = old.rowid;
end;

-- What decks say about the history of their cards (`quiz/store/revision.py`).
create table same_as (
    path text not null,
    card text not null,
    old text not null,             -- an id whose history the card takes up
    primary key (path, card, old)
) without rowid;

create table reset (
    path text not null,
    card text not null,
    day text not null,             -- a date: answers before it no longer count for the schedule
    primary key (path, card)
) without rowid;

create table source (
    id text primary key,
    body text not null
) without rowid;

-- The ward's own texts beside general answers (`quiz/deck/local.py`).
create table here (
    card text primary key,         -- a card, or the entry that several were made from
    text text not null
) without rowid;

create table figure (
    id text not null,              -- two files may claim one id: the first in the order of paths counts
    path text not null,
    body text not null,            -- the whole figure as JSON
    primary key (id, path)
) without rowid;
