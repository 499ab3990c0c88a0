/** Looks at the sockets of EventStoreDB: what is between us and an answer. Sends no user and no password. */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ServerAddress } from './address.ts';
import { type StoreCause, causeInWords } from './causes.ts';

export interface HostFinding {
  readonly host: string;
  readonly port: number;
  /** Null: the way to this host is fine. */
  readonly cause: StoreCause | null;
}

const TOO_LATE = 'ETIMEDOUT';

/** @param timeoutMs of one step with one host. Never rejects. */
export async function diagnose(address: ServerAddress, timeoutMs = 2_000): Promise<readonly HostFinding[]> {
  return Promise.all(
    address.hosts.map(async ({ host, port }) => ({
      host,
      port,
      cause: await causeAt(address, host, port, timeoutMs),
    })),
  );
}

async function causeAt(
  { secure, caFile }: ServerAddress,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<StoreCause | null> {
  try {
    await lookup(host);
  } catch {
    return 'unknown host';
  }
  const at = { host, port };
  const reached = await failureOf(timeoutMs, (settle) => {
    const socket = connectTcp(at);
    socket.once('connect', () => {
      settle(null);
    });
    socket.on('error', settle);
    return () => socket.destroy();
  });
  if (reached !== null) return causeInWords(reached) ?? 'unreachable';
  return secure ? overTls(at, caFile, timeoutMs) : overPlain(at, timeoutMs);
}

interface At {
  readonly host: string;
  readonly port: number;
}

async function overTls(at: At, caFile: string | undefined, timeoutMs: number): Promise<StoreCause | null> {
  const greeted = await handshakeOf(at, caFile === undefined ? undefined : readFileSync(caFile), timeoutMs);
  if (greeted === null) return null;
  const cause = greeted === TOO_LATE ? undefined : causeInWords(greeted);
  if (cause !== undefined) return cause;
  // The handshake failed without a word about the certificate: does it greet without TLS?
  if ((await greetingOf(at, timeoutMs)) === null) return 'has no TLS';
  return greeted === TOO_LATE ? 'silent' : 'another server';
}

/** A certificate that we would not trust says as well that the server speaks TLS. */
async function overPlain(at: At, timeoutMs: number): Promise<StoreCause | null> {
  const plain = await greetingOf(at, timeoutMs);
  if (plain === null) return null;
  const greeted = await handshakeOf(at, undefined, timeoutMs);
  if (greeted === null || /certificate|altnames|UNABLE_TO_|SELF_SIGNED/i.test(greeted)) return 'wants TLS';
  return plain === TOO_LATE && greeted === TOO_LATE ? 'silent' : 'another server';
}

/** @returns null after a TLS handshake for HTTP/2 with a certificate that we trust, else what went wrong */
function handshakeOf({ host, port }: At, ca: Buffer | undefined, timeoutMs: number): Promise<string | null> {
  return failureOf(timeoutMs, (settle) => {
    const socket = connectTls({
      host,
      port,
      ALPNProtocols: ['h2'],
      ...(ca && { ca }),
      // A name of an address (127.0.0.1) must not be sent.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    });
    socket.once('secureConnect', () => {
      settle(socket.alpnProtocol === 'h2' ? null : new Error('no HTTP/2'));
    });
    socket.on('error', settle);
    return () => socket.destroy();
  });
}

/** @returns null when the server begins as HTTP/2 does, without TLS; else what went wrong */
function greetingOf({ host, port }: At, timeoutMs: number): Promise<string | null> {
  return failureOf(timeoutMs, (settle) => {
    const session = connectHttp2(`http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`);
    session.once('remoteSettings', () => {
      settle(null);
    });
    session.on('error', settle);
    session.on('close', () => {
      settle(new Error('closed'));
    });
    return () => {
      session.destroy();
    };
  });
}

/** @returns null when `begin` settled with null, else code and message of the failure, or TOO_LATE */
async function failureOf(
  timeoutMs: number,
  begin: (settle: (failure: NodeJS.ErrnoException | null) => void) => () => void,
): Promise<string | null> {
  let end: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | null>((resolve) => {
      timer = setTimeout(() => {
        resolve(TOO_LATE);
      }, timeoutMs);
      end = begin((failure) => {
        const code = failure?.code ?? '';
        resolve(failure === null ? null : `${code} ${failure.message}`);
      });
    });
  } finally {
    clearTimeout(timer);
    end?.();
  }
}
