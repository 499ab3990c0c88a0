import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { generateTickets } from '../../scripts/generate-tickets.ts';
import { startTestProgram, type TestProgram } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';

/** REBUILD_TICKETS=161500 makes it a million events (issue 6); the usual run keeps to what two cores do in seconds. */
const TICKETS = Number(process.env['REBUILD_TICKETS'] ?? 2_000);

describe('rebuilding everything while people work', function () {
  this.timeout(Math.max(120_000, TICKETS * 20));
  let program: TestProgram;
  before(async () => {
    program = await startTestProgram();
    await generateTickets(program.databaseUrl, TICKETS);
    await eventually(
      'the views have the history',
      async () => (await program.call('/readyz')).status === 200,
      Math.max(60_000, TICKETS * 5),
    );
  });
  after(() => program.close());

  const tool = async (...args: string[]): Promise<{ readonly code: number; readonly said: string }> => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/projections.ts', ...args], {
      env: { PATH: process.env['PATH'], ...program.environment },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (said += data.toString()));
    const [code] = (await once(child, 'exit')) as [number];
    return { code, said };
  };

  it('no request fails, everybody reads what they wrote, and the tables are what the events say', async () => {
    const mine = await program.openTickets('sari', 12);
    let done = false;
    const failures: string[] = [];
    const times: number[] = [];
    const asked = async <T extends { readonly status: number; readonly text: string }>(
      work: Promise<T>,
    ): Promise<T> => {
      const began = performance.now();
      const reply = await work;
      times.push(performance.now() - began);
      if (reply.status >= 300) failures.push(`${String(reply.status)} ${reply.text.slice(0, 200)}`);
      return reply;
    };
    const reading = (async () => {
      while (!done) {
        const page = await asked(program.get('/api/admin/inbox?limit=50', 'agent.sari'));
        if ((page.json.data.tickets as unknown[]).length < 50) failures.push('a page with tickets missing');
      }
    })();
    let commands = 0;
    const working = (async () => {
      for (let n = 0; !done; n += 1) {
        const id = mine[n % mine.length] ?? '';
        const step = Math.floor(n / mine.length) % 3;
        const path = `/api/admin/ticket/${id}`;
        if (step === 0) await asked(program.post(`${path}/self-takeover`, {}, 'agent.sari'));
        else if (step === 1)
          await asked(program.post(`${path}/reply`, { message: `Halo ${String(n)}` }, 'agent.sari'));
        else await asked(program.post(`${path}/close`, {}, 'agent.sari'));
        commands += 1;
        const seen = await asked(program.get(path, 'agent.sari'));
        const { status } = seen.json.data.ticket as { status: string };
        const isStale = seen.json.meta?.stale === true;
        const wanted = ['in_progress', 'awaiting_response', 'closed'][step];
        if (status !== wanted && !isStale) failures.push(`read ${status} after writing ${String(wanted)}`);
        if ((n + 1) % (mine.length * 3) === 0)
          mine.splice(0, mine.length, ...(await program.openTickets('sari', 12)));
      }
    })().catch((error: unknown) => failures.push(String(error)));
    const rebuilt = await tool('rebuild', 'all');
    done = true;
    await Promise.all([reading, working]);
    times.sort((a, b) => a - b);
    if (process.env['REBUILD_TICKETS'] !== undefined)
      console.log(rebuilt.said, {
        requests: times.length,
        commands,
        p95: times[Math.floor(times.length * 0.95)],
        max: times.at(-1),
      });
    expect(rebuilt.code, rebuilt.said).to.equal(0);
    expect(failures.slice(0, 5)).to.deep.equal([]);
    expect(commands).to.be.greaterThan(3);
    const verified = await tool('verify');
    expect(verified.code, verified.said).to.equal(0);
  });
});
