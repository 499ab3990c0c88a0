/** A visitor of the web chat, each from an address of its own: limits of one are none of another. */
import { ask, type Reply } from './http.ts';
import { eventually } from '../eventually.ts';

let visitors = 0;

/** An address of the documentation range, behind the loopback proxy of the test. */
export const nextAddress = (): string => {
  visitors += 1;
  return `203.0.${String(visitors >> 8)}.${String(visitors & 255)}`;
};

export interface StreamedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Reads a visitor's stream until it is closed. */
export async function listen(url: string, headers: Record<string, string>, lastEventId?: string) {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/chat/stream`, {
    headers: { ...headers, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: leaving.signal,
  });
  const events: StreamedEvent[] = [];
  const read = (async () => {
    let left = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      left += decoder.decode(piece, { stream: true });
      const blocks = left.split('\n\n');
      left = blocks.pop() ?? '';
      for (const block of blocks) {
        const of = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const [event, data] = [of('event'), of('data')];
        if (event !== undefined && data !== undefined)
          events.push({ event, id: of('id'), data: JSON.parse(data) as Record<string, unknown> });
      }
    }
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  return {
    status: response.status,
    events,
    until: (what: string, is: (event: StreamedEvent) => boolean) =>
      eventually(what, () => Promise.resolve(events.find(is))),
    async close() {
      leaving.abort();
      await read;
    },
  };
}

/** @param url of the program, which trusts the loopback proxy */
export async function visit(url: string, siteKey = 'sari', origin = url) {
  const address = nextAddress();
  const headers: Record<string, string> = { origin, 'x-forwarded-for': address };
  const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
    ask(url, path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const session = await call('POST', '/api/chat/session', { site_key: siteKey });
  if (session.status !== 201) throw new Error(`no session: ${session.text}`);
  headers['authorization'] = `Chat ${String(session.json.data['token'])}`;
  return {
    session: session.json.data,
    sessionId: session.json.data['session_id'] as string,
    headers,
    call,
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
    /** Writes one message. */
    say: (content: string, more: object = {}) =>
      call('POST', '/api/chat', { messages: [{ role: 'user', content }], ...more }),
    listen: (lastEventId?: string) => listen(url, headers, lastEventId),
    async messages() {
      const reply = await call('GET', '/api/chat/messages');
      return reply.json.data['messages'] as { id: string; role: string; text: string; name: string | null }[];
    },
  };
}

export type ChatVisitor = Awaited<ReturnType<typeof visit>>;
