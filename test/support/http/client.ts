/** Clients of the program: the dashboard of one user, and the channels that deliver messages. */
import { randomUUID } from 'node:crypto';
import type { Secrets } from '../../../src/adapters/security/secrets.ts';
import { ask, bearer, type Reply } from './http.ts';
import { metaBytes, sign, waBody, waChange, waContact } from '../channels/meta.ts';
import { PATH } from '../channels/webhook.ts';

/** No request may hang: without an answer by then the test fails. */
const ANSWERS_WITHIN_MS = 30_000;

export type Data = Record<string, unknown>;

export interface Session {
  readonly url: string;
  readonly userId: string;
  readonly token: string;
  readonly refreshToken: string;
  get(path: string): Promise<Reply>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Reply>;
  patch(path: string, body: object): Promise<Reply>;
  /** The same person with the same token at another process. */
  at(url: string): Session;
}

const request = (url: string, method: string, path: string, token?: string, body?: object, headers = {}) =>
  ask(url, path, {
    method,
    headers: { ...bearer(token), ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });

export const get = (url: string, path: string): Promise<Reply> => request(url, 'GET', path);

/** @throws unless it answers 2xx, with what it answered */
export async function ok(answer: Promise<Reply>): Promise<Reply['json']> {
  const { status, text, json } = await answer;
  if (status < 200 || status > 299) throw new Error(`HTTP ${String(status)}: ${text.slice(0, 500)}`);
  return json;
}

/** The answer, or undefined when the connection broke: then the outcome of the request is unknown. */
export const attempt = (answer: Promise<Reply>): Promise<Reply | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof TypeError) return undefined; // how fetch says that the connection failed
    throw error;
  });

export async function login(url: string, email: string, password: string): Promise<Session> {
  const { data } = await ok(request(url, 'POST', '/api/auth/login', undefined, { email, password }));
  const { token, refresh_token, user } = data as {
    token: string;
    refresh_token: string;
    user: { id: string };
  };
  const at = (base: string): Session => ({
    url: base,
    userId: user.id,
    token,
    refreshToken: refresh_token,
    get: (path) => request(base, 'GET', path, token),
    post: (path, body = {}, headers = {}) => request(base, 'POST', path, token, body, headers),
    patch: (path, body) => request(base, 'PATCH', path, token, body),
    at,
  });
  return at(url);
}

export interface Customer {
  /** `wa_...` */
  readonly userId: string;
  readonly name: string;
  readonly division: string;
}

let customers = 0;

/** Every customer of a run has a name and a number of their own; numbers are in no real range. */
export function aCustomer(division = 'sari'): Customer {
  customers += 1;
  const number = `628770${String(100 + (process.pid % 900))}${String(customers).padStart(4, '0')}`;
  return { userId: `wa_${number}`, name: `Pelanggan ${MARK} ${number.slice(-7)}`, division };
}

/** Part of every text that a test writes, to find it in places where it must not be. */
export const MARK = `rahasia${randomUUID().slice(0, 8)}`;

export const aText = (about: string): string => `${about} ${MARK} ${randomUUID()}`;

const PHONE_IDS: Readonly<Record<string, string>> = {
  sari: 'PHONE_ID_001',
  savi: 'PHONE_ID_002',
  safia: 'PHONE_ID_003',
};

export interface Channels {
  /** The product's own bots: the normalized form (docs/design/api.md#normalized-form). */
  bot(customer: Customer, what: Data): Promise<Reply>;
  /** A customer writes; `id` is the channel's own of the message. */
  says(customer: Customer, text: string, id?: string): Promise<Reply>;
  /** The same as Meta delivers it for WhatsApp. */
  meta(customer: Customer, text: string, id?: string): Promise<Reply>;
}

export function channels(
  url: string,
  secrets: Pick<Secrets, 'EXTERNAL_BOT_SECRET' | 'WHATSAPP_APP_SECRET'>,
): Channels {
  const deliver = (bytes: Buffer, secret: string) =>
    ask(url, PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes, secret) },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
  const bot: Channels['bot'] = ({ userId, name, division }, what) => {
    const about = { user_id: userId, user_name: name, channel: 'whatsapp', division, bot_id: division };
    const body = { ...about, timestamp: new Date().toISOString(), is_office_hours: true, ...what };
    return deliver(Buffer.from(JSON.stringify(body)), secrets.EXTERNAL_BOT_SECRET);
  };
  return {
    bot,
    says: (customer, text, id = `wamid.${randomUUID()}`) => bot(customer, { message: text, message_id: id }),
    meta: ({ userId, name, division }, text, id = `wamid.${randomUUID()}`) => {
      const number = userId.slice('wa_'.length);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const message = { from: number, id, timestamp, type: 'text', text: { body: text } };
      const phoneId = PHONE_IDS[division] ?? '';
      const body = waBody(waChange({ phoneId, contacts: [waContact(number, name)], messages: [message] }));
      return deliver(metaBytes(body), secrets.WHATSAPP_APP_SECRET);
    },
  };
}
