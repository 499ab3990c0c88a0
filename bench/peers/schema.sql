-- The schema that was asked for, with the indexes that were demanded, as both peers use it.
create extension if not exists pgcrypto;

create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique,
  role text not null,
  division text not null,
  status text not null default 'offline',
  created_at timestamptz not null default now()
);

create table customers (
  id uuid primary key default gen_random_uuid(),
  name text,
  phone text,
  channel_id text not null,
  channel_type text not null,
  division text not null,
  assigned_agent_id uuid references users,
  created_at timestamptz not null default now(),
  unique (division, channel_id)
);

create table tickets (
  id uuid primary key default gen_random_uuid(),
  customer_id uuid not null references customers,
  division text not null,
  channel text not null,
  bot_id text,
  wa_phone_id text,
  queue_status text not null default 'free',
  assigned_to uuid references users,
  assigned_at timestamptz,
  first_reply_at timestamptz,
  closed_at timestamptz,
  is_off_hours boolean not null default false,
  is_returning_customer boolean not null default false,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on tickets (division, queue_status, assigned_to, created_at);
create index on tickets (customer_id);
-- Two first messages at the same moment make one ticket.
create unique index one_open_ticket on tickets (customer_id) where closed_at is null;

create table messages_l1 (
  id uuid primary key default gen_random_uuid(),
  ticket_id uuid not null references tickets,
  sender_type text not null,
  sender_id uuid,
  content text not null,
  sent_at timestamptz not null,
  channel_message_id text unique
);
create index on messages_l1 (ticket_id, sent_at);

create table crm_data (
  id uuid primary key default gen_random_uuid(),
  ticket_id uuid not null unique references tickets,
  division text not null,
  crm_stage text not null default 'Lead',
  quote_value bigint,
  deal_value bigint,
  crm_fields jsonb not null default '{}'
);
create index on crm_data (crm_stage, division);

create table audit_log (
  id uuid primary key default gen_random_uuid(),
  ticket_id uuid not null references tickets,
  actor_id uuid,
  actor_role text not null,
  action text not null,
  from_value text,
  to_value text,
  metadata jsonb,
  created_at timestamptz not null default now()
);
create index on audit_log (ticket_id, created_at);
