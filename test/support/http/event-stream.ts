/** A client of the live stream, as a dashboard has one. */
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { eventually } from '../eventually.ts';

export interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
  /** performance.now() when it came. */
  readonly at: number;
}

export interface Listener {
  readonly told: Told[];
  /** The last id of the stream, also of blocks without data. */
  lastId(): string;
  closed(): boolean;
  /** Waits for the first event that fits. */
  next(what: string, fits: (one: Told) => boolean): Promise<Told>;
  /** Stops reading without closing: what comes is not read. */
  pause(): void;
  stop(): void;
}

interface OpenedStream {
  readonly asking: ClientRequest;
  readonly response: IncomingMessage;
}

function openStream(url: string, token: string, lastEventId: string | undefined): Promise<OpenedStream> {
  const asking = request(`${url}/api/stream`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    agent: false,
  });
  return new Promise((resolve, reject) => {
    asking.once('response', (response) => {
      resolve({ asking, response });
    });
    asking.once('error', reject);
    asking.end();
  });
}

/**
 * Asks again while the server is too busy for a stream (503), as a browser does.
 * @throws Error when the answer is not a stream, with its status
 */
export async function listen(url: string, token: string, lastEventId?: string): Promise<Listener> {
  const told: Told[] = [];
  let closed = false;
  let lastId = '';
  const { asking, response } = await eventually('a stream', async () => {
    const opened = await openStream(url, token, lastEventId);
    if (opened.response.statusCode !== 503) return opened;
    opened.response.resume();
    return undefined;
  });
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`stream: HTTP ${String(response.statusCode)}`);
  }
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
      );
      lastId = fields.get('id') ?? lastId;
      const data = fields.get('data');
      if (data === undefined) continue;
      told.push({
        id: lastId,
        event: fields.get('event') ?? '',
        data: JSON.parse(data) as Record<string, unknown>,
        at: performance.now(),
      });
    }
  });
  const close = (): void => {
    closed = true;
  };
  response.on('close', close);
  response.on('error', close);
  asking.on('error', close);
  await eventually('the stream says where it is', () => lastId !== '' || lastEventId !== undefined);
  return {
    told,
    lastId: () => lastId,
    closed: () => closed,
    next: (what, fits) => eventually(what, () => told.find(fits)),
    pause: () => response.pause(),
    stop: () => {
      asking.destroy();
    },
  };
}
