-- The tables of an Anki collection in schema 11, which every Anki since 2.0 reads (2012). Only what a package needs.

create table col (
    id integer primary key,
    crt integer not null,        -- seconds: the moment from which days are counted
    mod integer not null,        -- milliseconds
    scm integer not null,        -- milliseconds
    ver integer not null,        -- 11
    dty integer not null,
    usn integer not null,
    ls integer not null,
    conf text not null,          -- JSON, as all that follow
    models text not null,
    decks text not null,
    dconf text not null,
    tags text not null
);

create table notes (
    id integer primary key,      -- milliseconds: when it was made
    guid text not null,          -- the note's name in all collections
    mid integer not null,        -- its note type
    mod integer not null,        -- seconds: the later one wins
    usn integer not null,
    tags text not null,          -- between spaces
    flds text not null,          -- HTML, U+001F between fields
    sfld integer not null,       -- what the browser sorts by
    csum integer not null,       -- of the first field: finds doubles
    flags integer not null,
    data text not null
);

create table cards (
    id integer primary key,
    nid integer not null,
    did integer not null,
    ord integer not null,        -- number of the template, or of the hole, from 0
    mod integer not null,
    usn integer not null,
    type integer not null,       -- 0 new, 2 in review
    queue integer not null,      -- the same; -1 suspended
    due integer not null,        -- place among the new, or days since `crt`
    ivl integer not null,        -- days
    factor integer not null,     -- ease in thousandths
    reps integer not null,
    lapses integer not null,
    left integer not null,
    odue integer not null,
    odid integer not null,
    flags integer not null,
    data text not null           -- JSON: stability and difficulty of FSRS
);

create table revlog (
    id integer primary key,      -- milliseconds: when it was answered
    cid integer not null,
    usn integer not null,
    ease integer not null,       -- 1 to 4; 0 when it was no answer
    ivl integer not null,        -- days
    lastIvl integer not null,
    factor integer not null,
    time integer not null,       -- milliseconds it took
    type integer not null        -- 0 learned, 1 reviewed, 2 relearned, 4 set by hand
);

create table graves (
    usn integer not null,
    oid integer not null,
    type integer not null
);

create index ix_notes_usn on notes (usn);
create index ix_notes_csum on notes (csum);
create index ix_cards_usn on cards (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_usn on revlog (usn);
create index ix_revlog_cid on revlog (cid);
