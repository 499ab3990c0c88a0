import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ErasedBefore, ErasureLedger } from '../../ports.ts';

const line = z.object({
  customerId: z.uuid(),
  customerKey: z.string().min(1),
  orderingKey: z.string().min(1).optional(),
  erasedAt: z.iso.datetime().optional(),
});

/** @param path a file of lines of JSON, in no backup of the database (docs/erasure.md) */
export function createErasureLedger(path: string): ErasureLedger {
  async function all(): Promise<readonly ErasedBefore[]> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    });
    return text.split('\n').flatMap((one) => {
      // A line that a power cut left half-written is of an erasure that is written again.
      if (!one.endsWith('}')) return [];
      return [line.parse(JSON.parse(one))];
    });
  }
  return {
    all,
    async add({ customerId, customerKey, orderingKey, erasedAt }) {
      if ((await all()).some((known) => known.customerId === customerId)) return;
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a', 0o600);
      try {
        await file.write(`\n${JSON.stringify({ customerId, customerKey, orderingKey, erasedAt })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
