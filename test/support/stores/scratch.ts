import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** Databases of a run take about 1 GB at their most. A container often gives /dev/shm 64 MB only. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

function hasMemory(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES;
}

/** Whether databases of tests lie in memory. There a copy of a database takes 60 ms, on a busy disk 3 s. */
export const inMemory = hasMemory();

/**
 * Where folders with a Postgres in them go. In memory if there is room: the product insists on fsync, and a test
 * must not wait for the disk. What survives a `kill -9` is the same in both.
 */
export const scratch = (): string => (inMemory ? MEMORY : tmpdir());
