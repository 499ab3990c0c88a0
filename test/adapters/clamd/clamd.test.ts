/** How ClamAV's daemon is asked about a file (docs/design/business-rules.md#customer-files). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { createClamd } from '../../../src/adapters/clamd/clamd.ts';
import { readConfig } from '../../../src/config.ts';
import { eventually } from '../../support/eventually.ts';
import { type ClamdSimulator, EICAR, startClamd } from '../../support/channels/clamd.ts';

const never = new AbortController().signal;
const PATIENCE = { answerMs: 1_000, scanMs: 1_000 };

describe('asking clamd about a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saga-clamd-'));
  const all: ClamdSimulator[] = [];
  after(async () => {
    for (const one of all) await one.stop();
    rmSync(folder, { recursive: true });
  });
  const scannerAt = (address: string) => {
    const { CLAMD_ADDRESS } = readConfig({ CLAMD_ADDRESS: address });
    if (CLAMD_ADDRESS === undefined) throw new Error('no address');
    return createClamd(CLAMD_ADDRESS, PATIENCE);
  };
  const started = async (path?: string): Promise<ClamdSimulator> => {
    const clamd = await startClamd(path);
    all.push(clamd);
    return clamd;
  };
  const scan = (clamd: ClamdSimulator, ...chunks: readonly Buffer[]) =>
    scannerAt(clamd.address).scan(Readable.from(chunks), never);

  for (const where of ['a port', 'a socket'] as const)
    it(`gets the whole file to it by ${where}, whatever its pieces, and hears the verdict`, async () => {
      const clamd = await started(where === 'a socket' ? join(folder, 'clamd.ctl') : undefined);
      const chunks = [Buffer.alloc(3, 1), Buffer.alloc(0), Buffer.alloc(300_000, 2), Buffer.alloc(65_536, 3)];
      expect(await scan(clamd, ...chunks)).to.deep.equal({ kind: 'clean' });
      expect(clamd.seen[0]?.equals(Buffer.concat(chunks))).to.equal(true);
      expect(
        await scan(clamd, Buffer.alloc(100_000, 4), EICAR.subarray(0, 9), EICAR.subarray(9)),
      ).to.deep.equal({
        kind: 'infected',
        found: 'Eicar-Test-Signature',
      });
      expect(await scan(clamd), 'an empty file').to.deep.equal({ kind: 'clean' });
      expect(await scannerAt(clamd.address).problem()).to.equal(null);
    });

  it('knows a file that is too large for it, although it hangs up in the middle', async () => {
    const clamd = await started();
    clamd.most = 100_000;
    // On a busy machine a try may hear nothing; then the file waits for the next one.
    await eventually('it says so', async () => {
      const { kind } = await scan(clamd, Buffer.alloc(8_000_000, 1));
      expect(kind).to.be.oneOf(['too_large', 'away']);
      return kind === 'too_large';
    });
    expect(await scan(clamd, Buffer.alloc(100_000, 1))).to.deep.equal({ kind: 'clean' });
  });

  it('takes nothing for clean but the one sentence that says so', async () => {
    const clamd = await started();
    for (const says of [
      '',
      'OK',
      'stream: OKAY',
      'stream: OK ERROR',
      'stream: OK\nstream: x FOUND',
      'PONG',
    ]) {
      clamd.mood = { says };
      expect((await scan(clamd, Buffer.from('isi'))).kind, says).to.equal('away');
    }
    clamd.mood = { says: "stream: Can't allocate memory ERROR" };
    expect(await scan(clamd, Buffer.from('isi'))).to.deep.equal({ kind: 'away', code: 'SCANNER_ERROR' });
    clamd.mood = 'hangs up';
    expect((await scan(clamd, Buffer.alloc(1_000_000, 1))).kind).to.equal('away');
    clamd.mood = 'silent';
    expect(await scan(clamd, Buffer.from('isi'))).to.deep.equal({ kind: 'away', code: 'ETIMEDOUT' });
    expect(await scannerAt(clamd.address).problem()).to.equal('it does not answer (ETIMEDOUT)');
  });

  it('says that nobody is there, and leaves no listener behind', async () => {
    const clamd = await started();
    await clamd.stop();
    const scanner = scannerAt(clamd.address);
    expect(await scanner.problem()).to.equal('it does not answer (ECONNREFUSED)');
    const nowhere = await scannerAt(join(folder, 'nobody')).scan(Readable.from([EICAR]), never);
    expect(nowhere).to.deep.equal({ kind: 'away', code: 'ENOENT' });
    const stopping = new AbortController();
    await scanner.scan(Readable.from([EICAR]), stopping.signal);
    await clamd.start();
    clamd.mood = 'silent';
    const asked = scanner.scan(Readable.from([EICAR]), stopping.signal);
    stopping.abort();
    expect(await asked).to.deep.equal({ kind: 'away', code: 'ABORTED' });
  });

  it('is not told of files in clear over a network, unless somebody says so', () => {
    const problems = (address: string, more = {}): number => {
      try {
        readConfig({ CLAMD_ADDRESS: address, ...more });
        return 0;
      } catch {
        return 1;
      }
    };
    for (const good of ['localhost:3310', '127.0.0.1:3310', '[::1]:3310', '/run/clamav/clamd.ctl'])
      expect(problems(good), good).to.equal(0);
    for (const bad of [
      '3310',
      'clamd',
      'clamd:',
      'clamd:99999',
      ':3310',
      'tcp://127.0.0.1:3310',
      'clamd.example:3310',
    ])
      expect(problems(bad), bad).to.equal(1);
    expect(problems('clamd.example:3310', { ALLOW_PLAIN_CONNECTIONS: 'true' })).to.equal(0);
  });
});
