/**
 * ClamAV's daemon, by TCP or by its socket. The form is that of its manual (clamd(8)): commands that begin with `z` end with a NUL, and
 * so do the answers; a file is sent in pieces of four bytes of length and the bytes, until a piece of length 0.
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { ScannerAddress } from '../../config/values.ts';
import type { FileScanner, ScanVerdict } from '../../ports.ts';

export interface ClamdPatience {
  /** For the connection, and for the answer to a question without a file. */
  readonly answerMs: number;
  /** Without a byte in either direction. A large archive takes clamd two minutes (MaxScanTime). */
  readonly scanMs: number;
}

const PATIENCE: ClamdPatience = { answerMs: 1_500, scanMs: 300_000 };
const PIECE = 64 * 1024;
/**
 * After each piece, so that what it says before it hangs up is heard: Node forgets what a socket still holds when a write fails. Where that
 * was too short the file is shown again later.
 */
const LISTEN_MS = 1;
/** No answer of clamd is as long. */
const MOST_ANSWER = 4_096;
const END = Buffer.alloc(4);

export function createClamd(address: ScannerAddress, patience: ClamdPatience = PATIENCE): FileScanner {
  return {
    scan: async (content, signal) => {
      try {
        const answer = await talk(address, signal, patience, patience.scanMs, async (socket, isOver) => {
          await write(socket, Buffer.from('zINSTREAM\0'));
          for await (const piece of pieces(content)) {
            // It says that a file is too large while it is sent, and hangs up.
            if (isOver()) return;
            await write(socket, lengthOf(piece));
            await write(socket, piece);
            await delay(LISTEN_MS);
            await turn();
          }
          await write(socket, END);
        });
        return verdictOf(answer);
      } catch (error) {
        return { kind: 'away', code: codeOf(error) };
      }
    },
    problem: async () => {
      try {
        const never = new AbortController().signal;
        const answer = await talk(address, never, patience, patience.answerMs, (socket) =>
          write(socket, Buffer.from('zPING\0')),
        );
        return answer === 'PONG' ? null : 'it is no clamd';
      } catch (error) {
        return `it does not answer (${codeOf(error)})`;
      }
    },
  };
}

/** Only the one sentence that says so is clean. */
function verdictOf(answer: string): ScanVerdict {
  if (answer === 'stream: OK') return { kind: 'clean' };
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found !== undefined) return { kind: 'infected', found };
  if (answer.startsWith('INSTREAM size limit exceeded')) return { kind: 'too_large' };
  return { kind: 'away', code: answer.endsWith('ERROR') ? 'SCANNER_ERROR' : 'NO_VERDICT' };
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'interrupted';
}

const failure = (code: string): Error => Object.assign(new Error(`clamd: ${code}`), { code });

/** One connection for one question. @throws Error with a code: no connection, no answer, or `signal` aborted */
async function talk(
  address: ScannerAddress,
  signal: AbortSignal,
  { answerMs }: ClamdPatience,
  silentMs: number,
  say: (socket: Socket, isOver: () => boolean) => Promise<void>,
): Promise<string> {
  const options: NetConnectOpts = 'path' in address ? { path: address.path } : { ...address };
  const socket = connect(options);
  let heard = '';
  let over = false;
  let stop = (): void => undefined;
  const answer = new Promise<string>((resolve, reject) => {
    const end = (code: string): void => {
      over = true;
      const [sentence, rest] = heard.split('\0', 2);
      // What it said before it hung up counts, if it was said to the end.
      if (rest !== undefined) resolve(sentence ?? '');
      else reject(failure(code));
    };
    const hangUp = (code: string) => (): void => {
      end(code);
      socket.destroy();
    };
    stop = hangUp('ABORTED');
    socket.setTimeout(answerMs, hangUp('ETIMEDOUT'));
    socket.once('connect', () => socket.setTimeout(silentMs));
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
      if (heard.includes('\0') || heard.length > MOST_ANSWER) end('NO_VERDICT');
    });
    socket.once('error', (error) => {
      end(codeOf(error));
    });
    socket.once('close', () => {
      end('ECONNRESET');
    });
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  // Whoever waits for the answer hears of it; what is said meanwhile may fail, too.
  answer.catch(() => undefined);
  try {
    await say(socket, () => over).catch((error: unknown) => {
      // It may have answered before it hung up.
      if (!socket.destroyed) socket.destroy(error as Error);
    });
    return await answer;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

const write = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

function lengthOf(piece: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.byteLength);
  return length;
}

async function* pieces(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const bytes of content)
    for (let from = 0; from < bytes.byteLength; from += PIECE) yield bytes.subarray(from, from + PIECE);
}
