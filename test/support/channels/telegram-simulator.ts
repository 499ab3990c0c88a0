/** Telegram's sendMessage and uploads on loopback: takes everything, or answers what a test wants. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { takeUpload, type TakenUpload } from '../../../src/main/demo/meta-simulator/uploads.ts';

const quote = z.strictObject({ message_id: z.number().int(), allow_sending_without_reply: z.boolean() });
const body = z.strictObject({
  chat_id: z.number().int(),
  text: z.string().min(1).max(4096),
  reply_parameters: quote.optional(),
});
const METHODS: Readonly<Record<string, string>> = {
  sendPhoto: 'photo',
  sendAudio: 'audio',
  sendVideo: 'video',
  sendDocument: 'document',
};

export interface TelegramAnswer {
  readonly status: number;
  readonly body: object;
}

export async function startTelegram(token: string) {
  const taken: z.infer<typeof body>[] = [];
  let refusal: TelegramAnswer | undefined;
  const uploads: (TakenUpload & { readonly method: string })[] = [];
  const server = createServer((req, res) => {
    const [, method = ''] = new RegExp(`^/bot${token}/(\\w+)$`).exec(req.url ?? '') ?? [];
    const field = METHODS[method];
    if (field !== undefined) {
      void takeUpload(req, field).then((upload) => {
        const good = upload !== undefined && /^\d+$/.test(upload.fields['chat_id'] ?? '');
        if (good) uploads.push({ ...upload, method });
        res.statusCode = good ? 200 : 400;
        res.setHeader('content-type', 'application/json');
        res.end(
          JSON.stringify(good ? { ok: true, result: { message_id: 7 } } : { ok: false, error_code: 400 }),
        );
      });
      return;
    }
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
    taken: taken as readonly z.infer<typeof body>[],
    uploads: uploads as readonly (TakenUpload & { readonly method: string })[],
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
