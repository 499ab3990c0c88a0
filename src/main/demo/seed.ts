/**
 * Fills an empty demo through the product's own API (signed webhooks, sign-in, commands over HTTP), so that
 * its data has a real history. After a crash it continues where it stopped: messages and commands have fixed ids.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Commands } from '../../commands/commands.ts';
import { PRIVILEGES } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Logger } from '../../ports.ts';
import { STAFF_PHONES } from './staff-phones.ts';
import type { StaffTelegramSimulator } from './staff-telegram-simulator.ts';
import { ACCOUNTS, type DemoTalk, DEMO_TAGS, QUICK_REPLIES, TALKS, TEMPLATES } from './data.ts';

export interface DemoDeps {
  readonly url: string;
  readonly webhookPath: string;
  readonly botSecret: string;
  readonly password: string;
  readonly commands: Commands;
  /** The number of a division, when it has one. */
  waPhoneOf(division: Division): string | undefined;
  readonly now: Date;
  readonly log: Logger;
}

const LINE_MS = 2 * 60_000;
const WAIT_MS = 30_000;

/** The accounts are there already. */
export async function seedDemo(deps: DemoDeps): Promise<void> {
  for (const talk of TALKS) await before(deps, talk);
  const admin = await signIn(deps, 'sa@demo.saga');
  // The past of the demo has them already.
  const has = async (path: string, list: string): Promise<ReadonlySet<string>> => {
    const found = (await admin.get(path))[list] as { name: string }[];
    return new Set(found.map(({ name }) => name));
  };
  const templates = await has('/api/admin/followup/templates', 'templates');
  for (const one of TEMPLATES) if (!templates.has(one.name)) await admin.post('/api/admin/templates', one);
  const tags = await has('/api/admin/tags', 'tags');
  for (const one of DEMO_TAGS) if (!tags.has(one.name)) await admin.post('/api/admin/tags', one);
  for (const one of QUICK_REPLIES) await admin.post('/api/admin/quick-replies', one);
  const tickets = await ticketsByCustomer(admin);
  for (const talk of TALKS) await after(deps, admin, talk, tickets.get(talk.name) ?? '');
  deps.log.info({ count: TALKS.length }, 'demo talks are there');
}

/** Links the phones of the demo to their accounts, once: what the accounts are linked to stays. */
export async function linkPhones(
  deps: Pick<DemoDeps, 'url' | 'password'>,
  staff: Pick<StaffTelegramSimulator, 'write'>,
): Promise<void> {
  const admin = await signIn(deps, 'sa@demo.saga');
  const { users } = (await admin.get('/api/admin/users')) as {
    readonly users: readonly { id: string; email: string; telegram_linked: boolean }[];
  };
  for (const { email, chat } of STAFF_PHONES) {
    const person = users.find((one) => one.email === email);
    if (person === undefined || person.telegram_linked) continue;
    const { code } = await admin.post(`/api/admin/users/${person.id}/telegram-code`, {});
    await staff.write(chat, `/start ${String(code)}`);
  }
}

/** Nobody can sign in before the accounts exist, so the seed is the actor that creates them. Who is there already stays as they are. */
export async function createAccounts({
  commands,
  password,
  log,
}: Pick<DemoDeps, 'commands' | 'password' | 'log'>): Promise<void> {
  const caller = {
    id: 'demo-seed',
    role: 'super_admin',
    division: 'all',
    privileges: new Set(PRIVILEGES),
  } as const;
  for (const account of ACCOUNTS) {
    const key = `demo-account-${account.email}`;
    const actor = { kind: 'system', process: 'demo' } as const;
    const ctx = { caller, actor, requestId: key, correlationId: 'demo', key };
    await commands.createUser(ctx, { ...account, password }).catch((error: unknown) => {
      if (!(error instanceof Refusal && error.code === 'EMAIL_TAKEN')) throw error;
    });
  }
  log.info({ count: ACCOUNTS.length }, 'demo accounts are there');
}

/** The part of the conversation before an agent takes over: customer and bot. */
async function before(deps: DemoDeps, talk: DemoTalk): Promise<void> {
  const firstAgent = talk.lines.findIndex(([who]) => who === 'agent');
  const lines = firstAgent < 0 ? talk.lines : talk.lines.slice(0, firstAgent);
  const start = deps.now.getTime() - talk.hoursAgo * 3_600_000;
  for (const [n, [who, text]] of lines.entries()) {
    await webhook(deps, talk, n, { sender: who, message: text, at: start + n * LINE_MS });
  }
  const end = start + lines.length * LINE_MS;
  if (talk.handoff)
    await webhook(deps, talk, 100, { event: 'handoff', reason: 'minta bicara dengan orang', at: end });
  if (talk.closed === 'bot') await webhook(deps, talk, 101, { event: 'resolved', at: end });
}

/** The part with the agent: what the agent does, and what the customer answers. */
async function after(deps: DemoDeps, admin: Client, talk: DemoTalk, ticketId: string): Promise<void> {
  const at = (path: string): string => `/api/admin/ticket/${ticketId}/${path}`;
  for (const tag of talk.tags ?? []) await admin.post(at('tag'), { action: 'add', tag });
  if (talk.takenBy === undefined) return;
  const agent = await signIn(deps, talk.takenBy);
  await agent.post(at('self-takeover'), {});
  const firstAgent = talk.lines.findIndex(([who]) => who === 'agent');
  for (const [n, [who, text]] of talk.lines.entries()) {
    if (n < firstAgent) continue;
    if (who === 'agent') await agent.post(at('reply'), { message: text });
    else await webhook(deps, talk, n, { sender: who, message: text, at: Date.now() });
  }
  if (talk.note !== undefined) await agent.post(at('internal-message'), { content: talk.note });
  if (talk.crm !== undefined) await agent.patch(at('crm'), talk.crm);
  if (talk.closed !== undefined) await agent.post(at('close'), { reason: talk.closed });
}

async function webhook(
  { url, webhookPath, botSecret, waPhoneOf }: DemoDeps,
  talk: DemoTalk,
  n: number,
  { at, ...what }: { readonly at: number; readonly [field: string]: unknown },
): Promise<void> {
  const body = JSON.stringify({
    ...what,
    user_id: talk.userId,
    user_name: talk.name,
    channel: talk.channel,
    division: talk.division,
    bot_id: talk.division,
    wa_phone_id: talk.channel === 'whatsapp' ? waPhoneOf(talk.division) : undefined,
    timestamp: new Date(at).toISOString(),
    message_id: `demo-${talk.userId}-${String(n)}`,
    is_office_hours: true,
  });
  const signature = createHmac('sha256', botSecret).update(body).digest('hex');
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await fetch(url + webhookPath, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    });
    if (answer.ok) return;
    // As a channel does: what a busy machine did not take is sent again.
    if (answer.status !== 503 || Date.now() > until)
      throw new Error(`demo webhook: HTTP ${String(answer.status)}`);
    await delay(500);
  }
}

interface Client {
  get(path: string): Promise<Record<string, unknown>>;
  /** The idempotency key is made of the content of the call: the same call again is the same command. */
  post(path: string, body: object): Promise<Record<string, unknown>>;
  patch(path: string, body: object): Promise<void>;
}

async function signIn({ url, password }: Pick<DemoDeps, 'url' | 'password'>, email: string): Promise<Client> {
  const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } };
    const answer = await fetch(url + path, body ? { ...init, body: JSON.stringify(body) } : init);
    if (!answer.ok) throw new Error(`demo ${method} ${path}: HTTP ${String(answer.status)}`);
    return ((await answer.json()) as { data: Record<string, unknown> }).data;
  };
  const { token } = await call('POST', '/api/auth/login', {}, { email, password });
  const authorization = `Bearer ${String(token)}`;
  return {
    get: (path) => call('GET', path, { authorization }),
    async patch(path, body) {
      await call('PATCH', path, { authorization }, body);
    },
    post(path, body) {
      const key = createHmac('sha256', 'demo').update(path).update(JSON.stringify(body)).digest('hex');
      return call('POST', path, { authorization, 'idempotency-key': key }, body);
    },
  };
}

/** Waits until the inbox shows a ticket for every conversation. */
async function ticketsByCustomer(admin: Client): Promise<ReadonlyMap<string, string>> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const { tickets } = (await admin.get('/api/admin/inbox?division=all&limit=200')) as {
      tickets: { id: string; customer_name: string }[];
    };
    const found = new Map(tickets.map(({ id, customer_name }) => [customer_name, id]));
    if (TALKS.every(({ name }) => found.has(name))) return found;
    if (Date.now() > until) throw new Error('the demo talks did not become tickets in time');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
