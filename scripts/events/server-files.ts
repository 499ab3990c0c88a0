/**
 * The files of an EventStoreDB server, copied while it runs and put back (docs/backup.md#the-files-of-eventstoredb). The
 * order is the one that EventStoreDB 23.10 documents: the index before the log, and of the log the checkpoints before the
 * chunks. So no index and no checkpoint speaks of events that the copied chunks do not have.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const MANIFEST = 'manifest.json';
const FORMAT = 'saga-eventstore-files-1';
/** The first says how far the log was read by the server itself: copied first, nothing behind it is needed. */
const CHECKPOINTS = ['chaser.chk', 'epoch.chk', 'writer.chk', 'proposal.chk'];
const NEEDED = ['chaser.chk', 'writer.chk'];
const CHUNK = /^chunk-\d+\.\d+$/;
const INDEX_FILE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.bloomfilter)?$/;
/** Of the checkpoint and its data, the checkpoint goes first. */
const INDEX_EXTRAS = [
  'stream-existence/streamExistenceFilter.chk',
  'stream-existence/streamExistenceFilter.dat',
  'scavenging/scavenging.db',
];
const INDEX_TRIES = 20;
const BLOCK = 1024 * 1024;
/** What is empty is left out in pieces of this size. */
const PIECE = 16 * 1024;
const ZEROS = Buffer.alloc(PIECE);

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  at: z.iso.datetime(),
  /** In the order in which they were copied; paths from the backup's folder. */
  files: z.array(
    z.strictObject({ path: z.string(), bytes: z.int(), sha256: z.string(), changedAt: z.number() }),
  ),
});
type CopiedFile = z.infer<typeof manifestSchema>['files'][number];

export class ServerFilesError extends Error {
  override readonly name = 'ServerFilesError';
}

export interface ServerFolders {
  /** `Db` of the server. */
  readonly db: string;
  /** `Index` of the server; where it is not set: `index` in `db`. */
  readonly index?: string;
}

/**
 * Copies the files of a server that may be running.
 * @param to folder of this backup; it has this name when it is whole and on the disk, before that `.partial`
 * @param previous folder of an older backup of the same server: its finished chunks are linked, not copied
 * @returns what it holds; bytes as the server sees them, with gaps
 * @throws ServerFilesError the folder is not one of a server, or a scavenge takes chunks away
 */
export async function backUpServer(
  from: ServerFolders,
  to: string,
  previous?: string,
): Promise<{ readonly files: readonly CopiedFile[]; readonly linked: number }> {
  for (const name of NEEDED)
    if (!existsSync(join(from.db, name)))
      throw new ServerFilesError(`${from.db} is no data folder of EventStoreDB: ${name} is not there`);
  const partial = `${to}.partial`;
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const before = previous === undefined ? [] : (await readManifest(previous)).files;
  const files: CopiedFile[] = [...(await copyIndex(from.index ?? join(from.db, 'index'), partial))];
  for (const name of CHECKPOINTS)
    if (existsSync(join(from.db, name)))
      files.push(await copied(join(from.db, name), partial, join('db', name)));
  const chunks = await chunksIn(from.db);
  // The last chunk of a backup was still written to; the ones before it never change, a scavenge gives new names.
  const finished = new Map(
    before
      .filter(({ path }) => CHUNK.test(path.slice('db/'.length)))
      .slice(0, -1)
      .map((file) => [file.path, file]),
  );
  let linked = 0;
  for (const name of chunks) {
    const path = join('db', name);
    const known = finished.get(path);
    if (known && previous !== undefined && (await isStill(known, join(from.db, name)))) {
      await linkOrCopy(join(previous, path), join(partial, path));
      files.push(known);
      linked += 1;
    } else files.push(await copied(join(from.db, name), partial, path));
  }
  const left = new Set(await chunksIn(from.db));
  if (!chunks.every((name) => left.has(name))) throw new ServerFilesError(SCAVENGED);
  const manifest = { format: FORMAT, at: new Date().toISOString(), files };
  await writeFile(join(partial, MANIFEST), JSON.stringify(manifest, null, 1), { mode: 0o600, flush: true });
  await syncFolders(partial);
  await rename(partial, to);
  await sync(dirname(to));
  return { files, linked };
}

/**
 * Puts a backup into an empty folder, for a server that does not run. It then begins where its reader was when the copy
 * began (`truncate.chk`): what had come after that is not whole.
 * @throws ServerFilesError the backup is damaged, or the folder is in use
 */
export async function restoreServer(backup: string, to: ServerFolders): Promise<readonly CopiedFile[]> {
  const { files } = await readManifest(backup);
  const index = to.index ?? join(to.db, 'index');
  for (const folder of new Set([to.db, index])) {
    const there = await readdir(folder).catch(() => []);
    if (there.length > 0) throw new ServerFilesError(`${folder} is not empty: move what is there away first`);
  }
  for (const file of files) {
    const [part = '', ...rest] = file.path.split('/');
    const target = join(part === 'index' ? index : to.db, ...rest);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { sha256 } = await copySparse(join(backup, file.path), target);
    if (sha256 !== file.sha256) throw new ServerFilesError(`${file.path} of the backup is damaged`);
  }
  await copyFile(join(to.db, 'chaser.chk'), join(to.db, 'truncate.chk'));
  await syncFolders(to.db);
  await syncFolders(index);
  return files;
}

/** Folders of whole backups, the oldest first. */
export async function backupsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^eventstore-[\dTZ-]+$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

const SCAVENGED =
  'chunks went away while they were copied: a scavenge runs. Stop it (docs/ops/eventstoredb.md#scavenge), or do this after it';

async function readManifest(backup: string): Promise<z.infer<typeof manifestSchema>> {
  const text = await readFile(join(backup, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new ServerFilesError(`${backup} is no backup of EventStoreDB's files: it has no ${MANIFEST}`, {
      cause,
    });
  });
  const read = manifestSchema.safeParse(JSON.parse(text));
  if (!read.success) throw new ServerFilesError(`${join(backup, MANIFEST)} cannot be read`);
  for (const { path } of read.data.files)
    if (!/^(?:db|index)(?:\/[\w.-]+)+$/.test(path) || path.split('/').includes('..'))
      throw new ServerFilesError(`${join(backup, MANIFEST)} names a file that cannot be: ${path}`);
  return read.data;
}

/** The map names the files of the index: copied before and after them it must be the same. */
async function copyIndex(index: string, partial: string): Promise<readonly CopiedFile[]> {
  const found: CopiedFile[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const tables = (await namesIn(index)).filter((name) => INDEX_FILE.test(name));
    const map = await mapOf(index);
    // A small store has all of its index in memory, and makes it again from the log.
    if (map === undefined && tables.length === 0) break;
    const files: CopiedFile[] = [];
    const isSame = await (async () => {
      for (const name of ['indexmap', ...tables])
        files.push(await copied(join(index, name), partial, join('index', name)));
      return map !== undefined && (await mapOf(index))?.equals(map) === true;
    })().catch((error: unknown) => {
      // A merge takes tables away, and the map is written anew.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    });
    if (isSame) {
      found.push(...files);
      break;
    }
    if (attempt === INDEX_TRIES)
      throw new ServerFilesError('the index changes faster than it can be copied: do this in a quieter hour');
  }
  for (const name of INDEX_EXTRAS)
    if (existsSync(join(index, name)))
      found.push(await copied(join(index, name), partial, join('index', name)));
  return found;
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
const chunksIn = async (db: string): Promise<readonly string[]> =>
  (await readdir(db)).filter((name) => CHUNK.test(name)).toSorted();

const mapOf = (index: string): Promise<Buffer | undefined> =>
  readFile(join(index, 'indexmap')).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });

async function copied(source: string, folder: string, path: string): Promise<CopiedFile> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    return { path, ...(await copySparse(source, target)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && path.startsWith('db/'))
      throw new ServerFilesError(SCAVENGED, { cause: error });
    throw error;
  }
}

/** A chunk has its full size from the beginning, most of it empty: what is empty takes no room in the copy either. */
async function copySparse(source: string, target: string): Promise<Omit<CopiedFile, 'path'>> {
  const hash = createHash('sha256');
  const reading = await open(source, 'r');
  try {
    const writing = await open(target, 'w', 0o600);
    try {
      const { size, mtimeMs: changedAt } = await reading.stat();
      const block = Buffer.alloc(BLOCK);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await reading.read(block, 0, Math.min(BLOCK, size - at), at);
        if (bytesRead === 0) break;
        const read = block.subarray(0, bytesRead);
        hash.update(read);
        for (const [from, until] of filledParts(read))
          await writeAll(writing, read.subarray(from, until), at + from);
        at += bytesRead;
      }
      await writing.truncate(at);
      await writing.sync();
      return { bytes: at, sha256: hash.digest('hex'), changedAt };
    } finally {
      await writing.close();
    }
  } finally {
    await reading.close();
  }
}

/** Where there is something: from, until. */
function filledParts(block: Buffer): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  for (let from = 0; from < block.length; from += PIECE) {
    const piece = block.subarray(from, from + PIECE);
    if (piece.equals(ZEROS.subarray(0, piece.length))) continue;
    const last = parts.at(-1);
    if (last?.[1] === from) last[1] = from + piece.length;
    else parts.push([from, from + piece.length]);
  }
  return parts;
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}

/** After a restore there may be another chunk of the same name and size: it was written at another time. */
async function isStill({ bytes, changedAt }: CopiedFile, source: string): Promise<boolean> {
  const { size, mtimeMs } = await stat(source);
  return size === bytes && mtimeMs === changedAt;
}

/** Backups may be on a file system without links. */
async function linkOrCopy(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await link(source, target).catch(() => copySparse(source, target));
}

async function syncFolders(root: string): Promise<void> {
  await sync(root);
  for (const one of await readdir(root, { recursive: true, withFileTypes: true }))
    if (one.isDirectory()) await sync(join(one.parentPath, one.name));
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
