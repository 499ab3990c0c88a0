truncate tickets, audit_log;
insert into tickets (id, division, queue_status) select n, 'sari', 'free' from generate_series(0, 32 * 4000 - 1) n;
analyze tickets;
