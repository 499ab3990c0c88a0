/**
 * The same in Express 5 and pg, the best that a careful team writes without events: one prepared statement per request, tokens
 * verified once, a process per core. `server.mjs` with DATABASE_URL, PORT, JWT_SECRET and EXTERNAL_BOT_SECRET.
 */
import cluster from 'node:cluster';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import express from 'express';
import { jwtVerify } from 'jose';
import pg from 'pg';
import { z } from 'zod';

const env = z
  .object({
    DATABASE_URL: z.string(),
    PORT: z.string(),
    JWT_SECRET: z.string(),
    EXTERNAL_BOT_SECRET: z.string(),
  })
  .parse(process.env);

const caller = z.object({ sub: z.uuid(), role: z.string(), division: z.string() });
const message = z.object({
  user_id: z.string(),
  user_name: z.string().optional(),
  channel: z.string(),
  division: z.string(),
  bot_id: z.string(),
  message: z.string().max(4_096),
  message_id: z.string(),
  timestamp: z.iso.datetime(),
  is_office_hours: z.boolean(),
});

const TAKE_OVER = {
  name: 'take-over',
  text: `
    with taken as (
      update tickets set queue_status = 'assigned', assigned_to = $2, assigned_at = now(), updated_at = now()
       where id = $1 and queue_status = 'free' and division = $3 returning id, assigned_at),
    logged as (
      insert into audit_log (ticket_id, actor_id, actor_role, action, from_value, to_value)
      select id, $2, $4, 'self_takeover', 'free', $2::text from taken)
    select id, assigned_at from taken`,
};
/** Finds or makes the customer and the open ticket. The conflict of a customer locks the row, so that two messages take turns. */
const RECEIVE = {
  name: 'receive',
  text: `
    with customer as (
      insert into customers (name, channel_id, channel_type, division) values ($1, $2, $3, $4)
      on conflict (division, channel_id) do update set name = excluded.name returning id),
    known as (select t.id from tickets t, customer c where t.customer_id = c.id and t.closed_at is null),
    opened as (
      insert into tickets (customer_id, division, channel, bot_id, is_off_hours)
      select id, $4, $3, $5, $6 from customer where not exists (select from known) returning id),
    crm as (insert into crm_data (ticket_id, division) select id, $4 from opened),
    ticket as (select id from known union all select id from opened),
    said as (
      insert into messages_l1 (ticket_id, sender_type, content, sent_at, channel_message_id)
      select id, 'customer', $7, $8, $9 from ticket on conflict (channel_message_id) do nothing),
    touched as (update tickets set updated_at = now() where id in (select id from known))
    select id from ticket`,
};
const TWO_AT_ONCE = '23505';

function serve() {
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 16 });
  const key = new TextEncoder().encode(env.JWT_SECRET);
  const callers = new Map();
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);

  const refuse = (res, status, code) => {
    res.status(status).json({ success: false, error: { code } });
  };

  async function callerOf(req) {
    const token = (req.headers.authorization ?? '').replace(/^Bearer /, '');
    const known = callers.get(token);
    if (known) return known;
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] });
      const verified = caller.parse(payload);
      callers.set(token, verified);
      return verified;
    } catch {
      return undefined;
    }
  }

  app.post('/api/admin/ticket/:id/self-takeover', async (req, res) => {
    const agent = await callerOf(req);
    if (!agent) {
      refuse(res, 401, 'UNAUTHORIZED');
      return;
    }
    if (agent.role !== 'sales_agent') {
      refuse(res, 403, 'FORBIDDEN');
      return;
    }
    const { rows } = await pool.query({
      ...TAKE_OVER,
      values: [req.params.id, agent.sub, agent.division, agent.role],
    });
    const [taken] = rows;
    if (taken) res.json({ success: true, data: { ticket_id: taken.id, taken_at: taken.assigned_at } });
    else refuse(res, 409, 'TICKET_ALREADY_TAKEN');
  });

  app.post('/api/webhook/external-bot', express.raw({ type: () => true }), async (req, res) => {
    const body = req.body;
    const expected = `sha256=${createHmac('sha256', env.EXTERNAL_BOT_SECRET).update(body).digest('hex')}`;
    const given = Buffer.from(String(req.headers['x-hub-signature-256']));
    if (given.length !== expected.length || !timingSafeEqual(given, Buffer.from(expected))) {
      refuse(res, 401, 'INVALID_SIGNATURE');
      return;
    }
    const said = message.parse(JSON.parse(body.toString()));
    const received = {
      ...RECEIVE,
      values: [
        ...[said.user_name ?? null, said.user_id, said.channel, said.division, said.bot_id],
        ...[!said.is_office_hours, said.message, said.timestamp, said.message_id],
      ],
    };
    const { rows } = await pool.query(received).catch((error) => {
      if (error.code !== TWO_AT_ONCE) throw error;
      return pool.query(received);
    });
    res.json({ success: true, data: { ticket_id: rows[0]?.id } });
  });

  app.listen(Number(env.PORT), '127.0.0.1');
}

if (cluster.isPrimary) for (let n = 0; n < availableParallelism(); n += 1) cluster.fork();
else serve();
