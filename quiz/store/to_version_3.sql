-- From version 2 to 3: each event has a checksum. What stands here stays as it is, whatever later versions do.

alter table event rename to event_of_version_2;

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
    target text,                  -- for an undo: the id of the event it names
    rating integer,               -- 1 to 4, where the answer moves the schedule
    chance real,                  -- odds of being right by luck, where a right answer was a choice; else 0
    retention real,               -- the recall aimed at when the due day was set
    body text not null,           -- everything else, as JSON
    crc integer                   -- checksum of all but `number` (rows.py): tells an event that was changed
);

insert into event
select
    number, id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body,
    event_checksum(id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body)
from event_of_version_2 order by number;

drop table event_of_version_2;

create index event_by_card on event (card, at, device, seq) where card is not null;
create index event_by_day on event (day);
create index event_by_target on event (target) where target is not null;
create index event_by_kind on event (kind, number) where kind <> 'answer';

create trigger event_is_never_changed before update on event
begin
    select raise(abort, 'events are never changed');
end;

create trigger event_is_never_deleted before delete on event
begin
    select raise(abort, 'events are never deleted');
end;
