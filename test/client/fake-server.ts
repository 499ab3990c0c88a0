/** A server that answers as a test says, behind `fetch`, for the client alone. */
import type { Fetch } from '../../client/index.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What it answers: a response, or an error that `fetch` throws. */
type Answering = (asked: Asked, signal: AbortSignal) => Response | Error | Promise<Response | Error>;

export interface FakeServer {
  readonly fetch: Fetch;
  /** Every request, in their order. */
  readonly asked: Asked[];
  /** Requests of one path. */
  of(path: string): readonly Asked[];
}

export function fakeServer(answer: Answering): FakeServer {
  const asked: Asked[] = [];
  return {
    asked,
    of: (path) => asked.filter((one) => one.path === path),
    async fetch(request, init) {
      const text = await request.text();
      const one: Asked = {
        method: request.method,
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: text === '' ? null : (JSON.parse(text) as unknown),
      };
      asked.push(one);
      const signal = init?.signal ?? request.signal;
      const ended = new Promise<Error>((resolve) => {
        signal.addEventListener('abort', () => resolve(signal.reason as Error), { once: true });
      });
      const given = await Promise.race([answer(one, signal), ended]);
      if (given instanceof Error || given instanceof DOMException) throw given;
      return given;
    },
  };
}

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const answered = (data: object, status = 200): Response => json(status, { success: true, data });

export const refused = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json(status, { success: false, error: { code, message: `Pesan ${code}` } }, headers);

let serial = 0;
/** An access token of this person, each another one. The client reads its claim `sub` and no more. */
export function tokenOf(userId: string): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: userId, n: (serial += 1) })}.x`;
}

/** The answer of a sign-in, or of a refresh. */
export const tokens = (userId: string, expiresIn = 28_800): Response =>
  answered({
    token: tokenOf(userId),
    refresh_token: `refresh-${String(serial)}`,
    expires_in: expiresIn,
    user: { id: userId, name: userId },
  });

/** A client's request was made with a token that is not good any more. */
export const bearerOf = ({ headers }: Asked): string => (headers.get('authorization') ?? '').slice(7);
