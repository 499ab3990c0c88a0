/** Files in FILES_DIR. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Files, FileTooLarge } from '../../ports.ts';
import { HEAD_BYTES, detectMimeType } from './detect-mime-type.ts';

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

export function createFiles(folder: string): Files {
  function pathOf(key: string): string {
    if (!KEY.test(key)) throw new TypeError('a file key looks like media/<id>');
    const [kind = '', name = ''] = key.split('/');
    // Thousands of files per folder, not millions.
    const shard = createHash('sha256').update(name).digest('hex').slice(0, 2);
    return join(folder, kind, shard, name);
  }

  return {
    write: async (key, source, maxBytes) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const unfinished = `${path}.${randomUUID()}`;
      const file = await open(unfinished, 'wx', 0o600);
      const hash = createHash('sha256');
      let head = Buffer.alloc(0);
      let size = 0;
      try {
        for await (const chunk of source) {
          size += chunk.byteLength;
          if (size > maxBytes) throw new FileTooLarge(`more than ${String(maxBytes)} bytes`);
          if (head.length < HEAD_BYTES)
            head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
          hash.update(chunk);
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
      return { size, sha256: hash.digest('hex'), mimeType: detectMimeType(head) };
    },

    open: async (key) => {
      try {
        const file = await open(pathOf(key), 'r');
        const { size } = await file.stat();
        return { size, content: file.createReadStream() };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
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
