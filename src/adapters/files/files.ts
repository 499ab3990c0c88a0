/** Files in FILES_DIR. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Files, FileTooLarge, type WrittenFile } from '../../ports.ts';
import { HEAD_BYTES, detectMimeType, runsAsProgram } from './detect-mime-type.ts';

/** No dots and few characters: a key cannot leave its folder. */
const KEY = /^[a-z]+\/[a-z0-9-]{8,80}$/;

function noneIfMissing(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

/** Milliseconds since 1970; Infinity for a file that is gone. */
const modifiedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error: unknown) => {
      noneIfMissing(error);
      return Infinity;
    },
  );

/** What is said of a file, taken from its bytes while they pass. */
class Fingerprint {
  readonly #hash = createHash('sha256');
  #head = Buffer.alloc(0);
  size = 0;

  take(chunk: Uint8Array): void {
    this.size += chunk.byteLength;
    if (this.#head.length < HEAD_BYTES)
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES - this.#head.length)]);
    this.#hash.update(chunk);
  }

  whole(): WrittenFile {
    return {
      size: this.size,
      sha256: this.#hash.digest('hex'),
      mimeType: detectMimeType(this.#head),
      runs: runsAsProgram(this.#head),
    };
  }
}

export function createFiles(folder: string): Files {
  function pathOf(key: string): string {
    if (!KEY.test(key)) throw new TypeError('a file key looks like media/<id>');
    const [kind = '', name = ''] = key.split('/');
    // Thousands of files per folder, not millions.
    const shard = createHash('sha256').update(name).digest('hex').slice(0, 2);
    return join(folder, kind, shard, name);
  }

  const openFile: Files['open'] = async (key, part) => {
    try {
      const file = await open(pathOf(key), 'r');
      const { size } = await file.stat();
      return { size, content: file.createReadStream(part ?? {}) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };

  return {
    write: async (key, source, maxBytes) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const unfinished = `${path}.${randomUUID()}`;
      const file = await open(unfinished, 'wx', 0o600);
      const seen = new Fingerprint();
      try {
        for await (const chunk of source) {
          seen.take(chunk);
          if (seen.size > maxBytes) throw new FileTooLarge(`more than ${String(maxBytes)} bytes`);
          await file.writeFile(chunk);
        }
        // An event will name this file, so it must be on the disk, also after a power cut.
        await file.sync();
        await file.close();
        await rename(unfinished, path);
      } catch (error) {
        await file.close().catch(() => undefined); // it may be closed already
        await rm(unfinished, { force: true });
        throw error;
      }
      return seen.whole();
    },

    open: openFile,

    sizeOf: async (key) => {
      try {
        return (await stat(pathOf(key))).size;
      } catch (error) {
        noneIfMissing(error);
        return null;
      }
    },

    look: async (key) => {
      const file = await openFile(key);
      if (file === null) return null;
      const seen = new Fingerprint();
      for await (const chunk of file.content) seen.take(chunk as Buffer);
      return seen.whole();
    },

    remove: (key) => rm(pathOf(key), { force: true }),

    sweep: async (kind, { before, unfinished }) => {
      if (!/^[a-z]+$/.test(kind)) throw new TypeError('a kind of file is one word');
      const shards = await readdir(join(folder, kind)).catch(noneIfMissing);
      let gone = 0;
      for (const shard of shards) {
        for (const name of await readdir(join(folder, kind, shard)).catch(noneIfMissing)) {
          const path = join(folder, kind, shard, name);
          // Only unfinished files have a dot in the name.
          const due = name.includes('.') ? unfinished : (await modifiedAt(path)) < before.getTime();
          if (!due) continue;
          await rm(path, { force: true });
          gone += 1;
        }
      }
      return gone;
    },
  };
}
