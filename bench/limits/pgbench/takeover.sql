-- The transaction of docs/design/performance.md#crud-transaction. Every client has tickets of its own, so that NOWAIT
-- never refuses.
\set n :n + 1
\set id :client_id * 4000 + :n % 4000
begin;
select division, queue_status from tickets where id = :id for update nowait;
update tickets set queue_status = 'assigned', assigned_to = '01900000-0000-7000-8000-000000000003', assigned_at = now() where id = :id;
insert into audit_log (ticket_id, actor, action) values (:id, '01900000-0000-7000-8000-000000000003', 'self_takeover');
commit;
