-- Events that no replay can take, or that cannot be read: each with what is wrong, the first of it. Nothing else stands
-- here. What is merely odd, as a study day that is not that of its time, does no harm; and what is refused of other
-- devices and of imports is more (`wrong_with` in events.py).
-- :kinds are the kinds that are known, as a JSON array.

select number, id, card, case
    when typeof(id) <> 'text' or typeof(device) <> 'text' or id = '' then 'it has no id or no device'
    when typeof(seq) <> 'integer' or typeof(at) <> 'integer' or typeof(offset) <> 'integer' or typeof(day) <> 'integer'
        then 'its time is no number'
    when seq < 1 then 'its sequence number is ' || seq
    when kind not in (select value from json_each(:kinds)) then 'its kind is unknown'
    when typeof(card) not in ('text', 'null') or typeof(target) not in ('text', 'null') then 'its card is no text'
    when rating is not null and (typeof(rating) <> 'integer' or rating not between 1 and 4)
        then 'its rating cannot be'
    when typeof(chance) <> 'real' or chance not between 0 and 1 then 'its chance is not from 0 to 1'
    when typeof(retention) <> 'real' then 'its retention is no number'
    -- The bounds of quiz.memory, where one of 1 would never let a card rest.
    when kind = 'answer' and rating is not null and (retention < 0.01 or retention >= 1)
        then 'its retention is not from 0.01 to 1'
    when typeof(body) <> 'text' or not json_valid(body) then 'its content cannot be read'
    when json_type(body) <> 'object' then 'its content cannot be read'
    when kind = 'answer' and coalesce(json_type(body, '$.mark'), 'real') not in ('real', 'integer')
        then 'its mark is no number'
    when kind = 'bury' and coalesce(json_type(body, '$.until'), 'integer') not in ('real', 'integer')
        then 'its day is no number'
    when kind = 'bury' and abs(coalesce(json_extract(body, '$.until'), 0)) >= 9007199254740992 then 'its day cannot be'
end as wrong
from event where wrong is not null order by number;
