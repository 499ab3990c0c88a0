/** Telegram's sendMessage on loopback: takes everything, or answers what a test wants. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const body = z.strictObject({ chat_id: z.number().int(), text: z.string().min(1).max(4096) });

export interface TelegramAnswer {
  readonly status: number;
  readonly body: object;
}

export async function startTelegram(token: string) {
  const taken: { chat_id: number; text: string }[] = [];
  let refusal: TelegramAnswer | undefined;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const known = req.url === `/bot${token}/sendMessage` && req.method === 'POST';
      const message = known ? body.safeParse(JSON.parse(Buffer.concat(chunks).toString())).data : undefined;
      const answer = !known
        ? { status: 404, body: { ok: false, error_code: 404, description: 'Not Found' } }
        : !message
          ? {
              status: 400,
              body: { ok: false, error_code: 400, description: 'Bad Request: message is wrong' },
            }
          : (refusal ?? { status: 200, body: { ok: true, result: { message_id: taken.length + 1 } } });
      if (message && answer.status === 200) taken.push(message);
      res.statusCode = answer.status;
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    taken: taken as readonly { chat_id: number; text: string }[],
    /** From now on; undefined: takes everything again. */
    answers(what: TelegramAnswer | undefined) {
      refusal = what;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
