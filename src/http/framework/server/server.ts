import { once } from 'node:events';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { failure } from '../envelope.ts';
import { HttpError } from '../errors.ts';
import { createFastServer } from './fast-express.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** What a connection may cost before a request is there (docs/design/reliability.md#floods). */
export const LIMITS = {
  /** So that an oversized token gets its 401 from us and not a 431 from node. */
  maxHeaderSize: 80 * 1024,
  /** A whole request must have come in by then: slow senders hold no connection. Uploads have `UPLOAD_TIMEOUT`. */
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  /** Node looks for those that are over their time only so often; its own 30 s would double them. */
  connectionsCheckingInterval: 2_000,
  /** Longer than a proxy in front keeps its side (nginx: 60 s), or it would send into a closed connection. */
  keepAliveTimeout: 65_000,
};

/** A hundred megabytes by a phone take their time (docs/design/api.md#files-to-a-customer). */
const UPLOAD_TIMEOUT = 600_000;

/** Live streams included; each is a file handle, of which a service of systemd has 65,536 here. */
const MAX_CONNECTIONS = 20_000;

const RETRY_LATE_SECONDS = 5;

/** The HTTP server for `app`, not yet listening. */
export function createServer(app: Express): Server {
  // Node has one limit for all requests: that of the longest. The others are held to theirs below.
  const server = createFastServer(app, { ...LIMITS, requestTimeout: UPLOAD_TIMEOUT });
  limitBodies(server);
  server.maxConnections = MAX_CONNECTIONS;
  watch(server);
  // What is no HTTP at all never reaches the app; it gets the envelope too.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // A sender that was slow, or that we kept waiting, did nothing wrong: a channel must send it again.
    const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    const { status, body, retryAfter } = failure(
      isLate ? new HttpError('OVERLOADED', [], RETRY_LATE_SECONDS) : new HttpError('BAD_REQUEST'),
    );
    socket.end(
      [
        `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${String(Buffer.byteLength(body))}`,
        'Connection: close',
        ...(retryAfter === undefined ? [] : [`Retry-After: ${String(retryAfter)}`]),
        ...SECURITY_HEADERS.map(([name, value]) => `${name}: ${value}`),
        '',
        body,
      ].join('\r\n'),
    );
  });
  return server;
}

/** What node says of a request that took too long; see `clientError`. */
const tooSlow = (): Error =>
  Object.assign(new Error('the request took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

const UPLOAD = /^\/api\/admin\/ticket\/[^/]+\/media(?:\?|$)/;

/** Cuts off who has not sent a whole body in `LIMITS.requestTimeout`; a file has until its answer is out. */
function limitBodies(server: Server): void {
  server.on('request', (req, res) => {
    const hasBody =
      req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
    if (!hasBody) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = (cut: () => void): void => {
      timer = setTimeout(() => {
        if (!req.complete) cut();
      }, LIMITS.requestTimeout);
    };
    if (UPLOAD.test(req.url ?? ''))
      res.once('finish', () => {
        if (!req.complete) limit(() => req.socket.destroy());
      });
    else limit(() => server.emit('clientError', tooSlow(), req.socket));
    for (const over of ['end', 'close'] as const)
      req.once(over, () => {
        clearTimeout(timer);
      });
  });
}

/** Open connections, each with the request that is under way on it. */
type Connections = Map<Socket, IncomingMessage | null>;
const connectionsOf = new WeakMap<Server, Connections>();

function watch(server: Server): void {
  const connections: Connections = new Map();
  connectionsOf.set(server, connections);
  server.on('connection', (socket) => {
    connections.set(socket, null);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (req, res) => {
    connections.set(req.socket, req);
    res.once('close', () => {
      if (connections.has(req.socket)) connections.set(req.socket, null);
    });
  });
}

/**
 * Node stops looking at its time limits when a server closes, and keeps connections that never sent a byte: each of
 * those would hold a stop for ever.
 */
function cutOff(connections: Connections, limits: DrainLimits, milliseconds: number): void {
  for (const [socket, request] of connections) {
    const wholeWithin = request === null ? limits.headersTimeout : limits.requestTimeout;
    const limit = request === null && socket.bytesRead === 0 ? 0 : wholeWithin;
    const isSending = request === null || !request.complete;
    if (isSending && milliseconds >= limit) socket.destroy();
  }
}

type DrainLimits = Pick<typeof LIMITS, 'headersTimeout' | 'requestTimeout'>;

const LOOK_FOR_IDLE_MS = 50;

/**
 * Takes no new connection, finishes what is under way, resolves when the last connection is closed. A client that
 * keeps its connection busy gets `Connection: close`: else it would be served for ever. Who has not sent a whole
 * request within the limits is cut off.
 * @param server of `createServer`
 */
export async function drain(server: Server, limits: DrainLimits = LIMITS): Promise<void> {
  const closed = once(server, 'close');
  const connections: Connections = connectionsOf.get(server) ?? new Map<Socket, null>();
  const began = performance.now();
  server.prependListener('request', (_req, res) => {
    res.setHeader('Connection', 'close');
  });
  server.close();
  server.closeIdleConnections();
  // Answers that were begun before carry no such header.
  const idle = setInterval(() => {
    server.closeIdleConnections();
    cutOff(connections, limits, performance.now() - began);
  }, LOOK_FOR_IDLE_MS);
  await closed;
  clearInterval(idle);
}
