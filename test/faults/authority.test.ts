/**
 * A history checker for rights that were taken away: people ask all the time, at two processes, while the projector is
 * killed again and again. After the 200 of a removal no later request of that person succeeds
 * (docs/design/reliability.md#authority).
 */
import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { type Installation, openInstallation, PASSWORD } from '../e2e/installation.ts';
import { login, ok, type Session } from '../support/http/client.ts';
import type { Program } from '../support/processes/program.ts';

/** One request of one person, as seen from outside; milliseconds of one clock. */
interface Request {
  readonly began: number;
  readonly status: number;
}

const ROUNDS = 12;
/** What takes the right to read the inbox away, each in its own manner. */
const REMOVALS: readonly object[] = [
  { is_active: false },
  { password: 'kata sandi yang lain sekali' },
  { privileges: { granted: [], revoked: ['inbox_read'] } },
  { division: 'safia' },
  { role: 'viewer' },
];

describe('rights that were taken away, while the projector is killed', function () {
  this.timeout(180_000);
  let installation: Installation;
  let sa: Session;
  let other: Program;
  let projector: Program;
  before(async () => {
    installation = await openInstallation();
    sa = await installation.as('sa@demo.saga');
    await installation.main().stop();
    const api = await installation.another();
    other = await installation.another();
    projector = await installation.worker('projections');
    sa = sa.at(api.url);
  });
  after(() => installation.close());

  /** Asks without a pause until told to stop. */
  function asking(session: Session): { answered(): number; stop(): Promise<readonly Request[]> } {
    const seen: Request[] = [];
    let on = true;
    const done = (async () => {
      while (on) {
        const began = performance.now();
        const { status } = await session.get('/api/admin/inbox?limit=1');
        seen.push({ began, status });
      }
    })();
    return {
      answered: () => seen.length,
      async stop() {
        on = false;
        await done;
        return seen;
      },
    };
  }

  it('nobody gets anything after the answer', async () => {
    let killing = true;
    const killer = (async () => {
      while (killing) {
        await delay(200 + Math.random() * 600);
        await projector.kill();
        projector = await installation.worker('projections');
      }
    })();
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const email = `dicabut${String(round)}@demo.saga`;
        const made = {
          name: 'Dicabut',
          email,
          password: PASSWORD,
          role: 'sales_agent',
          division: 'sari',
        };
        const { user_id: userId } = (await ok(sa.post('/api/admin/users', made))).data as { user_id: string };
        const here = await login(sa.url, email, PASSWORD);
        const asked = [asking(here), asking(here.at(other.url))];
        await delay(150);
        const removal = REMOVALS[round % REMOVALS.length] ?? {};
        await ok(sa.patch(`/api/admin/users/${userId}`, removal));
        const answered = performance.now();
        const until = asked.map((one) => one.answered() + 2);
        await eventually('they asked again', () =>
          asked.every((one, at) => one.answered() >= (until[at] ?? 0)),
        );
        await delay(300);
        const requests = (await Promise.all(asked.map((one) => one.stop()))).flat();
        const before = requests.filter(({ began }) => began < answered);
        const after = requests.filter(({ began }) => began >= answered);
        expect(
          before.some(({ status }) => status === 200),
          'they could before',
        ).to.equal(true);
        expect(after.length, 'they asked again').to.be.greaterThan(1);
        expect(
          after.filter(({ status }) => status < 400),
          JSON.stringify(removal),
        ).to.deep.equal([]);
        if ('is_active' in removal) {
          await ok(sa.patch(`/api/admin/users/${userId}`, { is_active: true }));
          expect((await here.get('/api/auth/me')).status, 'an old token').to.equal(401);
        }
      }
    } finally {
      killing = false;
      await killer;
      // The last one may still be starting: it goes as the others went.
      await projector.kill();
    }
  });
});
