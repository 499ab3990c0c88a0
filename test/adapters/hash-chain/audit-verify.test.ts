import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { environmentOf } from '../../support/processes/environment.ts';
import { anEvent } from '../../support/scenarios/events.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('npm run audit:verify', () => {
  let home: TestStore;
  let folder: string;
  before(async () => {
    home = await testStore();
    folder = mkdtempSync(join(tmpdir(), 'saga-audit-'));
    const store = createChainedEventStore(home.store);
    await store.append('ticket-a', [anEvent(), anEvent({ text: 'halo' })], { expected: 'none' });
    await store.append('ticket-b', [anEvent()], { expected: 'none' });
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await home.close();
  });

  const verify = (...args: string[]) =>
    runScript('audit-verify', args, { ...environmentOf(home.url), FILES_DIR: folder });

  it('ends with 0 while all holds, with 1 and the place when a byte was changed, with 2 when it cannot look', async function () {
    this.timeout(120_000);
    const kept = join(folder, 'kept.seal');
    const sound = await verify('--seal', kept);
    expect(sound, sound.stderr).to.include({ code: 0 });
    expect(sound.stdout).to.match(/^3 events in 2 streams, 0 broken\nno seals: .*\ndigest \S+\n$/);
    expect(readFileSync(kept, 'utf8').trim().split('\n')).to.have.length(3);

    const owner = new pg.Client({ connectionString: home.superuserUrl });
    await owner.connect();
    await owner.query('alter table es.events disable trigger events_are_append_only');
    await owner.query(
      `update es.events set data = '{"text":"hallo"}' where stream = 'ticket-a' and revision = 1`,
    );
    const changed = await verify();
    expect(changed.code).to.equal(1);
    expect(changed.stdout).to.match(
      /^BROKEN {2}ticket-a@1 {2}\(event [0-9a-f-]{36}\): does not match its hash/,
    );
    expect((await verify('--stream', 'ticket-b')).code).to.equal(0);

    await owner.query(`delete from es.events where stream = 'ticket-a'`);
    const cut = await verify('--json', '--against', kept);
    expect(cut.code).to.equal(1);
    const { broken } = JSON.parse(cut.stdout) as { broken: { stream: string | null; problem: string }[] };
    expect(broken.find(({ stream }) => stream === 'ticket-a')?.problem).to.match(/nothing of it is left/);
    await owner.end();

    const unable = [
      ['--against', join(folder, 'nothing')],
      ['--stream', 'a', '--seal', 'b'],
    ];
    const codes = await Promise.all(unable.map(async (args) => (await verify(...args)).code));
    expect(codes).to.deep.equal([2, 2]);
  });
});
