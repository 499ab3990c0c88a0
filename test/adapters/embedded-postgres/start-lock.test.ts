import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withStartLock } from '../../../src/adapters/embedded-postgres/start-lock.ts';

describe('the turn to start Postgres', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'saga-turn-'));
    file = join(folder, 'starting');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is one process’s at a time, and is given back after a failure too', async () => {
    let inside = 0;
    let most = 0;
    const work = async (n: number): Promise<number> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      if (n === 3) throw new Error('failed');
      return n;
    };
    const done = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => withStartLock(file, () => work(n))));
    expect(done.map(({ status }) => status)).to.deep.equal([
      ...['fulfilled', 'fulfilled', 'fulfilled'],
      ...['rejected', 'fulfilled'],
    ]);
    expect(most).to.equal(1);
    expect(existsSync(file)).to.equal(false);
  });

  it('goes on to the next where the one who had it was killed', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(file, `${String(child.pid)}\n`);
    expect(
      await Promise.all([0, 1, 2].map((n) => withStartLock(file, () => Promise.resolve(n)))),
    ).to.deep.equal([0, 1, 2]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
