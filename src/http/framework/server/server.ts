import { once } from 'node:events';
import { type Server, STATUS_CODES } from 'node:http';
import type { Express } from 'express';
import { failure } from '../envelope.ts';
import { HttpError } from '../errors.ts';
import { createFastServer } from './fast-express.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** What a connection may cost before a request is there (docs/design/reliability.md#floods). */
export const LIMITS = {
  /** So that an oversized token gets its 401 from us and not a 431 from node. */
  maxHeaderSize: 80 * 1024,
  /** A whole request must have come in by then: slow senders hold no connection. */
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  /** Node looks for those that are over their time only so often; its own 30 s would double them. */
  connectionsCheckingInterval: 2_000,
  /** Longer than a proxy in front keeps its side (nginx: 60 s), or it would send into a closed connection. */
  keepAliveTimeout: 65_000,
};

/** Live streams included; each is a file handle, of which a service of systemd has 65,536 here. */
const MAX_CONNECTIONS = 20_000;

/** The HTTP server for `app`, not yet listening. */
export function createServer(app: Express): Server {
  const server = createFastServer(app, LIMITS);
  server.maxConnections = MAX_CONNECTIONS;
  // What is no HTTP at all never reaches the app; it gets the envelope too.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, body } = failure(new HttpError('BAD_REQUEST'));
    socket.end(
      [
        `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${String(Buffer.byteLength(body))}`,
        'Connection: close',
        ...SECURITY_HEADERS.map(([name, value]) => `${name}: ${value}`),
        '',
        body,
      ].join('\r\n'),
    );
  });
  return server;
}

const LOOK_FOR_IDLE_MS = 50;

/**
 * Takes no new connection, finishes what is under way, resolves when the last connection is closed. A client that
 * keeps its connection busy gets `Connection: close`: else it would be served for ever.
 */
export async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.prependListener('request', (_req, res) => {
    res.setHeader('Connection', 'close');
  });
  server.close();
  server.closeIdleConnections();
  // Answers that were begun before carry no such header.
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_FOR_IDLE_MS);
  await closed;
  clearInterval(idle);
}
