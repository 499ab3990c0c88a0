/** A webhook over HTTP on a real inbox, as one process of the product has it. */
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { pubSubFor } from '../../../src/adapters/cluster/pub-sub.ts';
import { createWebhookInbox } from '../../../src/adapters/operational/webhook-inbox.ts';
import { failure, send } from '../../../src/http/framework/envelope.ts';
import { toHttpError } from '../../../src/http/framework/errors.ts';
import { createByteBudget } from '../../../src/http/framework/body-budget.ts';
import { createServer } from '../../../src/http/framework/server/server.ts';
import type { WebhookSecrets } from '../../../src/channels/provider.ts';
import { webhookRouter } from '../../../src/http/webhook/router.ts';
import type { Clock, PubSub, WebhookInbox } from '../../../src/ports.ts';
import { APP_SECRET, BOT_SECRET, testLines, metaBytes, sign, TELEGRAM_TOKEN, VERIFY_TOKEN } from './meta.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export const PATH = '/api/webhook/external-bot';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: {
    success: boolean;
    data?: { accepted: number; duplicates: number };
    error?: { code: string };
  };
}

export interface TestWebhook {
  readonly url: string;
  readonly inbox: WebhookInbox;
  readonly pubSub: PubSub;
  readonly log: ReturnType<typeof silentLogger>;
  post(bytes: Buffer | string, headers: Record<string, string>): Promise<Answer>;
  /** Signed as Meta does. */
  meta(body: unknown): Promise<Answer>;
  /** Signed as the product's bots do. */
  bot(body: unknown): Promise<Answer>;
  telegram(body: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export const TWILIO_TOKEN = 'an auth token for tests only';
export const WAHA_KEY = 'a WAHA key for tests only';
/** Where channels think that we are. */
export const PUBLIC_URL = 'https://saga.example.test';

export const SECRETS: WebhookSecrets = {
  metaApp: APP_SECRET,
  externalBot: BOT_SECRET,
  bots: [],
  metaVerifyToken: VERIFY_TOKEN,
  twilio: [TWILIO_TOKEN],
  waha: WAHA_KEY,
  telegram: [{ token: TELEGRAM_TOKEN, division: 'savi', line: '4242' }],
};

const answerOf = async (response: globalThis.Response): Promise<Answer> => {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const body = (isJson ? JSON.parse(text) : {}) as Answer['body'];
  return { status: response.status, text, headers: response.headers, body };
};

export async function testWebhook(
  databaseUrl: string,
  secrets: WebhookSecrets = SECRETS,
  // Most tests deliver what was written on a fixed day.
  { clock = systemClock, maxAgeDays = 36_500 }: { clock?: Clock; maxAgeDays?: number } = {},
): Promise<TestWebhook> {
  const log = silentLogger();
  const pubSub = pubSubFor({ redisUrl: undefined, databaseUrl, logger: log });
  const inbox = createWebhookInbox({ url: databaseUrl, pubSub, logger: log });
  const app = express();
  const blindIndex = createBlindIndex('a key for tests only, 32 characters');
  app.use(
    webhookRouter({
      publicUrl: PUBLIC_URL,
      ...{ path: PATH, inbox, secrets, lines: testLines, maxAgeDays, blindIndex, clock, log },
      unauthenticatedBytes: createByteBudget(),
    }),
  );
  const onError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
    if (res.headersSent) next(error);
    else send(res, failure(toHttpError(error)));
  };
  app.use(onError);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${PATH}`;
  const post: TestWebhook['post'] = async (bytes, headers) =>
    answerOf(
      await fetch(url, {
        method: 'POST',
        body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
        headers,
      }),
    );
  return {
    url,
    inbox,
    pubSub,
    log,
    post,
    meta: (body) => {
      const bytes = metaBytes(body);
      return post(bytes, { 'X-Hub-Signature-256': sign(bytes, APP_SECRET) });
    },
    bot: (body) => {
      const text = JSON.stringify(body);
      return post(text, { 'X-Hub-Signature-256': sign(text, BOT_SECRET) });
    },
    telegram: (body) => post(JSON.stringify(body), { 'X-Telegram-Bot-Api-Secret-Token': TELEGRAM_TOKEN }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await inbox.close();
      await pubSub.close();
    },
  };
}
