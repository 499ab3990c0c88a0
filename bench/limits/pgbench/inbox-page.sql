select id, last_activity_at, assigned_to, waiting_for, card::text
from read.tickets where division = 'sari' and status = 'in_progress'
order by last_activity_at desc, id desc limit 50;
