/** The seals of an installation, one file each: FILES_DIR/seals/00000001.seal.gz, ... */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../files/durable.ts';

const NAME = /^(\d{8,})\.seal\.gz$/;
const PUSHED = 'pushed';

export interface SealFolder {
  readonly path: string;
  /** Numbers of the seals that are there, ascending. */
  numbers(): Promise<readonly number[]>;
  /** The bytes of one. @throws Error with code ENOENT */
  read(number: number): Promise<Buffer>;
  /** On the disk when it resolves, whole or not at all. @returns false: this number is taken, nothing was changed */
  add(number: number, bytes: Buffer): Promise<boolean>;
  /** The number of the last seal that was pushed; 0: none. */
  pushed(): Promise<number>;
  notePushed(number: number): Promise<void>;
}

const noneIfMissing =
  <T>(none: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw error;
  };

/** Where seals are by default: in FILES_DIR, so that backups have them. */
export const sealsIn = (filesDir: string): string => join(filesDir, 'seals');

/** @param path the folder; the first seal makes it */
export function createSealFolder(path: string): SealFolder {
  const fileOf = (number: number): string => join(path, nameOf(number));

  async function write(name: string, bytes: Buffer | string): Promise<void> {
    const file = await open(name, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    path,
    async numbers() {
      const names = await readdir(path).catch(noneIfMissing<string[]>([]));
      return names
        .flatMap((name) => {
          const [, number] = NAME.exec(name) ?? [];
          return number !== undefined && nameOf(Number(number)) === name ? [Number(number)] : [];
        })
        .sort((a, b) => a - b);
    },
    read: (number) => readFile(fileOf(number)),
    async add(number, bytes) {
      if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined)
        await syncFolder(dirname(path));
      const unfinished = `${fileOf(number)}.${randomUUID()}`;
      try {
        await write(unfinished, bytes);
        // Unlike a rename, a link never replaces what another process has just written.
        await link(unfinished, fileOf(number));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      } finally {
        await rm(unfinished, { force: true });
      }
      await syncFolder(path);
      return true;
    },
    async pushed() {
      const text = await readFile(join(path, PUSHED), 'utf8').catch(noneIfMissing('0'));
      // What cannot be read is pushed once more: the other side knows it already.
      return /^\d+$/.test(text.trim()) ? Number(text) : 0;
    },
    async notePushed(number) {
      const unfinished = join(path, `${PUSHED}.${randomUUID()}`);
      await write(unfinished, `${String(number)}\n`);
      await rename(unfinished, join(path, PUSHED));
    },
  };
}

const nameOf = (number: number): string => `${String(number).padStart(8, '0')}.seal.gz`;
