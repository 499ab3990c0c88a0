-- Every ticket says whether its customer wants offers; a rebuild of the inbox finds who opted out before.
update read.tickets set card = (left(card::text, -1) || ',"opted_out":false}')::json
where card::text not like '%"opted_out":%';
