/** The public API of the chat (docs/design/chat.md): requests with the visitor's token, and answers without the envelope. */

/** @throws only ChatError */
export class ChatError extends Error {
  readonly code: string;
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number | null;
  constructor(message: string, code: string, status: number, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const OFFLINE = 'Tidak terhubung. Periksa koneksi Anda, lalu coba lagi.';
const UNREADABLE = 'Jawaban server tidak terbaca. Coba lagi sebentar lagi.';

async function failure(response: Response): Promise<ChatError> {
  const after = Number(response.headers.get('Retry-After'));
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  return new ChatError(
    body?.error?.message ?? UNREADABLE,
    body?.error?.code ?? 'UNREADABLE',
    response.status,
    after > 0 ? after : null,
  );
}

export interface Api {
  /** @throws ChatError: offline, or what the API says */
  readonly ask: (
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
    lastEventId?: string | null,
  ) => Promise<Response>;
  readonly data: <Data>(method: string, path: string, body?: object) => Promise<Data>;
}

/**
 * @param base scheme, host and port of the API
 * @param tokenOf the visitor's token; null: none yet
 */
export function createApi(base: string, tokenOf: () => string | null): Api {
  async function ask(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
    lastEventId: string | null = null,
  ): Promise<Response> {
    const token = tokenOf();
    const response = await fetch(`${base}/api/chat${path}`, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(lastEventId !== null && { 'Last-Event-ID': lastEventId }),
        ...(token !== null && { Authorization: `Chat ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      credentials: 'omit',
    }).catch(() => {
      throw new ChatError(OFFLINE, 'OFFLINE', 0);
    });
    if (!response.ok) throw await failure(response);
    return response;
  }
  return {
    ask,
    data: async <Data>(method: string, path: string, body?: object): Promise<Data> => {
      const response = await ask(method, path, body);
      if (response.status === 204) return undefined as Data;
      return ((await response.json()) as { data: Data }).data;
    },
  };
}
