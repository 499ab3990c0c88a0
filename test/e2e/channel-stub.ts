/** One HTTP server that plays every channel: accepts requests and keeps them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChannelStub {
  readonly host: string;
  /** Variables that make the program send here and not to Meta and Telegram. */
  readonly env: Readonly<Record<string, string>>;
  /** `POST /v25.0/PHONE_ID_001/messages {...}`, one per request. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startChannelStub(): Promise<ChannelStub> {
  const requests: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    req.on('end', () => {
      requests.push(`${String(req.method)} ${String(req.url)} ${body}`);
      const id = `wamid.stub${String(requests.length)}`;
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ messaging_product: 'whatsapp', contacts: [], messages: [{ id }] }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    host,
    env: {
      WHATSAPP_API_URL: `http://${host}/v25.0`,
      WHATSAPP_TOKEN: 'token-of-the-test-numbers',
      META_GRAPH_URL: `http://${host}/v25.0`,
      META_PAGE_TOKENS: 'facebook:1029384756:token-of-the-test-page',
      CHANNEL_DIVISION_MAP: 'facebook:1029384756:sari',
      TELEGRAM_API_URL: `http://${host}`,
      TELEGRAM_BOT_TOKENS: 'sari:123456:token-of-the-test-bot',
    },
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
