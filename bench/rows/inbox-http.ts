/** The inbox as the dashboard asks for it: over HTTP, page and exact total, next to the page query alone. */
import { inboxView } from '../../src/projections/tickets/inbox-view.ts';
import { usersView } from '../../src/projections/staff/users.ts';
import type { Finding, Setting } from '../report/finding.ts';
import { load, request } from '../processes/load.ts';
import { CLIENTS, pgbench } from '../limits/pgbench.ts';
import { startBenchProgram } from '../processes/program.ts';
import { projectUntilCaughtUp } from '../processes/project.ts';
import { expectAll } from './takeover-http.ts';

const AGENTS = 8;
const REQUESTS = 10_000;
const SECONDS = 3;

/** @param database a migrated one whose inbox is filled; the users are projected here, from its events */
export async function inboxOverHttp(
  { server, rounds, size, say, log }: Setting,
  database: string,
): Promise<Finding> {
  const url = await server.migrated(database);
  const program = await startBenchProgram(server, database, { RUN: 'api' });
  const measured: number[] = [];
  const limit: number[] = [];
  try {
    const agents = await program.agents(AGENTS, log, () =>
      projectUntilCaughtUp(url, [inboxView(), usersView()]),
    );
    const page = '/api/admin/inbox?division=sari&status=in_progress&limit=50';
    const ask = async (count: number): Promise<number> => {
      const requests = Array.from({ length: count }, (_, n) =>
        request('GET', page, { ...agents[n % AGENTS] }),
      );
      const answers = await load({
        port: program.port,
        connections: CLIENTS,
        pace: { kind: 'closed' },
        requests,
      });
      expectAll(200, answers);
      return count / answers.seconds;
    };
    await ask(REQUESTS / 5);
    for (let round = 1; round <= rounds; round += 1) {
      say(`inbox over HTTP, round ${String(round)}`);
      limit.push(await pgbench(url, 'inbox-page', { protocol: 'prepared', seconds: SECONDS }));
      measured.push(await ask(REQUESTS * size));
    }
  } finally {
    await program.stop();
  }
  return {
    what: 'inbox over HTTP, 32 connections, page and exact total',
    unit: '/s',
    measured,
    limit: { what: 'the page query alone, pgbench, 32 clients, prepared', measured: limit },
    bar: { of: 'ratio', atLeast: 0.25 },
  };
}
