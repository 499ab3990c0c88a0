/** Backups that somebody had in hand (docs/design/reliability.md#backups). */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import { MANIFEST, type Manifest, readPart, SIGNATURE } from '../../scripts/backup/folder.ts';
import { createBackupKey } from '../../scripts/backup/seal.ts';
import { rejection } from '../support/rejection.ts';

const key = createBackupKey('a backup key for tests only, 32 characters');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const WHOLE: Manifest = {
  format: 2,
  part: 'personal',
  id: '00000000-0000-4000-8000-000000000000',
  at: '2026-11-29T00:00:00.000Z',
  postgres: '18',
  migrations: [],
  storeId: 'store',
  head: '1',
  fingerprints: {},
  tables: [],
  sequences: [],
  files: [{ path: 'media/one', sha256: sha256('one') }],
};

describe('a backup that somebody had in hand', () => {
  const place = mkdtempSync(join(tmpdir(), 'saga-attack-backup-'));
  const folder = join(place, 'personal');
  mkdirSync(join(folder, 'files/media'), { recursive: true });
  writeFileSync(join(folder, 'files/media/one'), 'one');
  writeFileSync(join(place, 'secret'), 'one');
  after(() => {
    rmSync(place, { recursive: true });
  });

  /** As somebody who has the key would write it. */
  function signed(over: object): void {
    const text = JSON.stringify({ ...WHOLE, ...over });
    writeFileSync(join(folder, MANIFEST), text);
    writeFileSync(join(folder, SIGNATURE), key.sign(text));
  }
  const read = (unsigned = false) => readPart(folder, 'personal', key, unsigned);
  const refused = async (unsigned = false): Promise<string> => {
    const error = await rejection(read(unsigned));
    return error instanceof Error ? error.message : String(error);
  };

  it('is refused when its manifest was changed, is not signed, or is signed with another key', async () => {
    signed({});
    expect((await read()).id).to.equal(WHOLE.id);
    const text = readFileSync(join(folder, MANIFEST), 'utf8');
    writeFileSync(join(folder, MANIFEST), text.replace('"head":"1"', '"head":"2"'));
    expect(await refused()).to.include('was changed');
    writeFileSync(join(folder, MANIFEST), text);
    writeFileSync(
      join(folder, SIGNATURE),
      createBackupKey('the key of somebody else, 32 characters').sign(text),
    );
    expect(await refused()).to.include('was changed, or BACKUP_KEY');
    rmSync(join(folder, SIGNATURE));
    expect(await refused()).to.include('is not signed');
    expect(await refused(true), 'a signed format cannot be passed off as an old one').to.include(
      'must be signed',
    );
  });

  for (const path of [
    '../secret',
    '/etc/hostname',
    'media/../../secret',
    'media\\..\\secret',
    './media/one',
    '',
  ])
    it(`names no path outside it: ${JSON.stringify(path)}`, async () => {
      signed({ files: [{ path, sha256: sha256('one') }] });
      expect(await refused()).to.match(/leaves its folder|Too small/);
    });

  it('names no migration, table or column that is something else', async () => {
    const table = { table: 'ops.schedule', columns: ['job'], rows: 0, file: 'x', sha256: sha256('') };
    for (const over of [
      { migrations: ['../../tmp/evil.sql'] },
      { tables: [{ ...table, table: 'public.saga_migrations' }] },
      { tables: [{ ...table, columns: ["job\") from program 'id'; --"] }] },
      { tables: [{ ...table, file: '../x' }] },
    ]) {
      signed(over);
      expect(await refused(), JSON.stringify(over)).to.include('cannot be used');
    }
  });

  it('follows no link', async () => {
    symlinkSync(join(place, 'secret'), join(folder, 'files/media/two'));
    signed({ files: [{ path: 'media/two', sha256: sha256('one') }] });
    expect(await refused()).to.include('missing or damaged');
  });

  it('shows nothing of its files, and opens none that was changed or moved', async () => {
    const hash = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA';
    for (const text of [hash, '', 'x'.repeat(200_000)]) {
      const file = join(place, 'sealed');
      const open = async (bound: string): Promise<string> => {
        const [bytes, decipher] = await key.unseal(file, bound);
        const chunks: Buffer[] = [];
        await pipeline(bytes, decipher, async (source: AsyncIterable<Buffer>) => {
          for await (const chunk of source) chunks.push(chunk);
        });
        return Buffer.concat(chunks).toString();
      };
      const written: Buffer[] = [];
      for await (const chunk of key.seal('a/events/x')(Readable.from([Buffer.from(text)])))
        written.push(chunk);
      const sealed = Buffer.concat(written);
      writeFileSync(file, sealed);
      expect(await open('a/events/x')).to.equal(text);
      if (text !== '') expect(sealed.includes(text.slice(0, 20))).to.equal(false);
      expect(await rejection(open('b/events/x')), 'of another backup').to.be.instanceOf(Error);
      sealed[sealed.length - 17] = (sealed[sealed.length - 17] ?? 0) ^ 1;
      writeFileSync(file, sealed);
      expect(await rejection(open('a/events/x')), 'changed').to.be.instanceOf(Error);
    }
  });
});
