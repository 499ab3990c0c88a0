/** What simulated services on this machine have in common. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerJson, type SimulatedAnswer } from './meta-simulator/reaction.ts';

export interface Loopback {
  readonly url: string;
  close(): Promise<void>;
}

/** @param answer what throws ends the connection */
export async function startLoopback(
  answer: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
): Promise<Loopback> {
  const server = createServer((req, res) => {
    answer(req, res).catch(() => {
      res.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export async function textOfBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Anything but an acceptance. @param refused the body of an error, in the form of the service */
export function react(
  res: ServerResponse,
  reaction: Exclude<SimulatedAnswer, { kind: 'accept' }>,
  refused: (error: Extract<SimulatedAnswer, { kind: 'error' }>) => object,
): void {
  switch (reaction.kind) {
    case 'error':
      answerJson(res, reaction.status, refused(reaction), reaction.retryAfter);
      return;
    case 'raw':
      res.statusCode = reaction.status;
      res.end(reaction.body);
      return;
    case 'reset':
      res.socket?.resetAndDestroy();
      return;
    case 'hang':
  }
}
