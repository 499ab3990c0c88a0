-- What the notifications need to know of tickets and messages (docs/design/business-rules.md#notifications): who has a ticket,
-- and who wrote a message that has not arrived yet. Ids only; no reader may look at it.
create table read.notify_tickets (
  ticket_id uuid primary key,
  assigned_to uuid not null
);
insert into read.notify_tickets (ticket_id, assigned_to)
select id, assigned_to from read.tickets where assigned_to is not null and status <> 'closed';

create table read.notify_messages (
  message_id uuid primary key,
  ticket_id uuid not null,
  writer_id uuid not null,
  channel_message_id text collate "C"
);
create index notify_messages_channel on read.notify_messages (channel_message_id);

alter table read.notifications add column blast_id uuid;
-- The live stream and the push look for those of one event.
create index notifications_position on read.notifications (position);
create index notifications_of_ticket on read.notifications (ticket_id) where kind = 'customer_message' and read_at is null;
create index notifications_of_blast on read.notifications (blast_id) where blast_id is not null;
