-- Events that no program of this kind writes, whatever their checksum says: each with what is wrong, the first of it.
-- :kinds are the kinds that are known, as a JSON array.

select number, id, card, case
    when typeof(id) <> 'text' or typeof(device) <> 'text' or id = '' then 'it has no id or no device'
    when typeof(seq) <> 'integer' or typeof(at) <> 'integer' or typeof(offset) <> 'integer' or typeof(day) <> 'integer'
        then 'its time is no number'
    when seq < 1 then 'its sequence number is ' || seq
    when kind not in (select value from json_each(:kinds)) then 'its kind is unknown'
    when typeof(card) not in ('text', 'null') or typeof(target) not in ('text', 'null') then 'its card is no text'
    when rating is not null and (kind <> 'answer' or typeof(rating) <> 'integer' or rating not between 1 and 4)
        then 'its rating cannot be'
    when typeof(chance) <> 'real' or chance not between 0 and 1 then 'its chance is not from 0 to 1'
    -- The bounds of quiz.memory, where one of 1 would never let a card rest.
    when typeof(retention) <> 'real' or retention < 0.01 or retention >= 1 then 'its retention is not from 0.01 to 1'
    when offset not between -1439 and 1439 then 'its time zone cannot be'
    -- A study day begins up to twelve hours after its date; one day more, for a division that rounds towards 1970.
    when (at + offset * 60000) / 86400000 - day not between -1 and 2 then 'its study day is not that of its time'
    when typeof(body) <> 'text' or not json_valid(body) then 'its content cannot be read'
    when json_type(body) <> 'object' then 'its content cannot be read'
    when kind = 'undo' and target is null then 'it takes nothing back'
    when kind = 'answer' and card is null then 'it answers no card'
    when kind = 'answer' and coalesce(json_type(body, '$.question'), 'text') <> 'text' then 'its question is no text'
    when kind = 'answer' and coalesce(json_type(body, '$.mark'), 'real') not in ('real', 'integer')
        then 'its mark is no number'
    when kind = 'answer' and coalesce(json_extract(body, '$.mark'), 0) not between 0 and 1
        then 'its mark is not from 0 to 1'
end as wrong
from event where wrong is not null order by number;
