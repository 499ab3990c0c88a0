/** The limit of a rebuild: the inbox' tables made from the events by Postgres alone, nothing read into a program. */
import { sql } from 'kysely';
import pg from 'pg';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { statement } from '../../src/engine/sql/statement.ts';

/**
 * Folds what the made-up histories hold (bench/history/ticket-history.ts), not every event there is. One statement writes all of
 * the inbox' tables; JSON is taken apart once per event.
 */
const FOLD = `
with told as materialized (
  select e.position, e.type, d.* from es.events e
  cross join lateral json_to_record(e.data) d ("ticketId" uuid, division text, "customerId" uuid, "customerName" text,
    "customerPhone" text, channel text, "botId" text, "waPhoneId" text, "waDisplayName" text, "isReturningCustomer" boolean,
    "isOffHours" boolean, "agentId" uuid, content text, "sentAt" timestamptz, tag text, label text)
  where e.stream ^@ 'ticket-' or e.stream ^@ 'conversation-'
), timed as materialized (
  select t.*, (e.metadata ->> 'at')::timestamptz as at from told t join es.events e using (position)
), folded as materialized (
  select division, "ticketId" as id,
    min("customerId"::text) as customer_id, min("customerName") as customer_name, min("customerPhone") as customer_phone,
    min(channel) filter (where type = 'TicketOpened') as channel, min("botId") as bot_id, min("waPhoneId") as wa_phone_id,
    min("waDisplayName") as wa_display_name, bool_or("isReturningCustomer") as is_returning, bool_or("isOffHours") as off_hours,
    min(at) filter (where type = 'TicketOpened') as created_at, max(at) as last_activity_at,
    max(at) filter (where type = 'TicketClosed') as closed_at, min(at) filter (where type = 'TicketTakenOver') as assigned_at,
    (array_agg("agentId" order by position desc) filter (where type = 'TicketTakenOver'))[1] as assigned_to,
    (array_agg(label order by position desc) filter (where type = 'TicketQueued'))[1] as label,
    array_agg(distinct tag) filter (where type = 'TicketTagged') as tags,
    max("sentAt") filter (where type = 'MessageReceived') as last_customer_message_at,
    min("sentAt") filter (where type = 'AgentReplied') as first_reply_at,
    max("sentAt") as last_message_at,
    (array_agg(left(content, 160) order by position desc) filter (where content is not null))[1] as preview,
    (array_agg(type order by position desc) filter (where content is not null))[1] as last_from
  from timed group by division, "ticketId"
), standing as materialized (
  select f.*, case when closed_at is not null then 'closed' when last_from = 'AgentReplied' then 'awaiting_response'
      when assigned_to is not null then 'in_progress' else 'new' end as status,
    case when assigned_to is not null then 'assigned' when closed_at is null and label is not null then 'queued' else 'free' end as queue_status,
    regexp_split_to_array(lower(concat_ws(' ', customer_name, customer_phone)), '\\s+') as terms
  from folded f
), tickets as (
  insert into limit_read.tickets (division, id, customer_id, status, queue_status, channel, crm_stage, assigned_to, waiting_for,
    tags, last_activity_at, created_at, last_customer_message_at, search, card)
  select division, id, customer_id::uuid, status, queue_status, channel, 'Lead', assigned_to, null, coalesce(tags, '{}'),
    last_activity_at, created_at, last_customer_message_at, ' ' || array_to_string(terms, ' '),
    json_build_object('id', id, 'customer_id', customer_id, 'customer_name', customer_name, 'customer_phone', customer_phone,
      'division', division, 'channel', channel, 'bot_id', bot_id, 'wa_phone_id', wa_phone_id, 'wa_display_name', wa_display_name,
      'status', status, 'queue_status', queue_status, 'queue_label', label, 'assigned_at', assigned_at,
      'is_returning_customer', is_returning, 'is_off_hours', off_hours, 'tags', coalesce(tags, '{}'), 'crm_stage', 'Lead',
      'last_message_preview', preview, 'last_message_at', last_message_at, 'last_message_from', last_from,
      'first_reply_at', first_reply_at, 'response_due_at', null,
      'window_expires_at', last_customer_message_at + interval '24 hours', 'closed_at', closed_at, 'created_at', created_at,
      'updated_at', last_activity_at)
  from standing
), directory as (
  insert into limit_read.ticket_directory (ticket_id, division) select id, division from standing
), tags as (
  insert into limit_read.ticket_tags (division, tag, last_activity_at, id, status, queue_status, channel, crm_stage, assigned_to)
  select division, tag, last_activity_at, id, status, queue_status, channel, 'Lead', assigned_to from standing, unnest(tags) tag
), terms as (
  insert into limit_read.ticket_terms (division, term, id) select distinct division, term, id from standing, unnest(terms) term
), prefixes as (
  insert into limit_read.term_counts (division, prefix, n)
  select division, left(term, n), count(distinct id) from standing, unnest(terms) term, generate_series(1, 12) n
  where n <= length(term) and (n <= 7 or term !~ '^\\d') group by 1, 2
)
insert into limit_read.ticket_counts (division, lens, status, queue_status, channel, crm_stage, n)
select division, lens, status, queue_status, channel, 'Lead', count(*) from standing
cross join lateral (
  select '*' union all select 'a' || assigned_to where assigned_to is not null
  union all select 't' || tag from unnest(tags) tag
  union all select 'a' || assigned_to || ' t' || tag from unnest(tags) tag where assigned_to is not null
  union all select 't' || a || ' t' || b from unnest(tags) a, unnest(tags) b where a < b
) l (lens) group by 1, 2, 3, 4, 5`;

const TABLES = ['tickets', 'ticket_tags', 'ticket_terms', 'term_counts', 'ticket_counts', 'ticket_directory'];

const indexes = statement(
  null,
  (of: readonly string[]) => sql<{ readonly definition: string }>`
    select replace(replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), ' ON read.', ' ON limit_read.') as definition
      from pg_index where indrelid = any(${of}::regclass[])`,
);

/** Into tables of a schema of its own, with the keys and indexes of the live ones. @returns seconds, indexes included */
export async function foldBySql(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `set maintenance_work_mem = '128MB'; set work_mem = '256MB'; set search_path = pg_catalog`,
    );
    await client.query('drop schema if exists limit_read cascade; create schema limit_read');
    for (const name of TABLES)
      await client.query(`create table limit_read.${name} (like read.${name} including defaults)`);
    const rows = await rowsOf(client, indexes(TABLES.map((name) => `read.${name}`)));
    const began = performance.now();
    await client.query(FOLD);
    for (const { definition } of rows) await client.query(definition);
    const seconds = (performance.now() - began) / 1000;
    await client.query('drop schema limit_read cascade');
    return seconds;
  } finally {
    await client.end();
  }
}
