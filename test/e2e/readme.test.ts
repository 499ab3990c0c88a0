/** The walk of the README, run by a shell without changes, against the demo as a newcomer starts it. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { login, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { type DataFolder, dataFolder, launch, type Program } from '../support/processes/program.ts';

const run = promisify(execFile);
const PASSWORD = 'kata-sandi-uji-7531';
const DAY_MS = 86_400_000;

/** The names of what says nothing: no number, or an empty list. Of the members of a list one must say something. */
function nothingIn(value: unknown, name: string, mayBeZero: ReadonlySet<string> = new Set()): string[] {
  if (value === null || value === undefined) return [name];
  if (typeof value === 'number') return value > 0 || mayBeZero.has(name) ? [] : [name];
  if (Array.isArray(value)) return value.length === 0 ? [name] : [];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([member, of]) => nothingIn(of, `${name}.${member}`, mayBeZero));
}

describe('the README', function () {
  this.timeout(300_000);
  let folder: DataFolder;
  let program: Program;

  before(async () => {
    folder = await dataFolder();
    program = await launch({
      folder,
      args: ['--demo'],
      fromSources: true,
      env: { DEMO_HISTORY: '300', DEMO_PASSWORD: PASSWORD },
    });
    await eventually(
      'the demo says that it is ready',
      () => program.output().includes('demo is ready'),
      240_000,
    );
  });
  after(async () => {
    await program.stop();
    await folder.remove();
  });

  it('walks as pasted: webhook, race, one winner in the audit log', async () => {
    const [, walk = ''] = /```sh walk\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const script = walk
      .replace('BASE=http://127.0.0.1:3000', `BASE=${program.url}`)
      .replace('DATA=.data', `DATA=${folder.path}`);
    expect(script).not.to.equal(walk);
    const { stdout, stderr } = await run('bash', ['-e', '-c', script]);
    expect(stderr).to.equal('');
    expect(stdout).to.contain('"accepted":1,"duplicates":0');
    expect(stdout.match(/ 200$/gm), stdout).to.have.length(1);
    expect(stdout.match(/TICKET_ALREADY_TAKEN.* 409$/gm), stdout).to.have.length(1);
    expect(stdout.match(/ self_takeover (Andi Saputra|Ayu Wulandari)$/gm), stdout).to.have.length(1);
  });

  describe('its past', () => {
    let sa: Session;
    const days = (() => {
      const day = (ago: number): string => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
      return `start_date=${day(30)}&end_date=${day(0)}`;
    })();
    const list = async (path: string, name: string): Promise<readonly Record<string, unknown>[]> =>
      (await ok(sa.get(path))).data[name] as Record<string, unknown>[];

    before(async () => {
      sa = await login(program.url, 'sa@demo.saga', PASSWORD);
    });

    it('gives every chart a shape, of each division and of all', async () => {
      for (const division of ['all', 'sari', 'savi', 'safia']) {
        const { data } = await ok(sa.get(`/api/admin/analytics/division/${division}?${days}`));
        const { roi_per_channel, lost_reasons, trend_3mo, seasonal_curve, blast_effectiveness } = data;
        const {
          leads: counts,
          closing_rate,
          revenue,
          bot_resolution_rate,
          cycle_time_avg,
          top_routes,
        } = data;
        const figures = { counts, closing_rate, revenue, bot_resolution_rate, cycle_time_avg, top_routes };
        // What is rare needs the customers of all divisions.
        expect(nothingIn(division === 'all' ? figures : { counts, top_routes }, division)).to.deep.equal([]);
        const channels = roi_per_channel as Record<string, { leads: number; won: number }>;
        expect(Object.values(channels).some(({ won }) => won > 0)).to.equal(true);
        const reasons = Object.values(lost_reasons as Record<string, number>).filter((count) => count > 0);
        expect(reasons.length, `${division}: reasons of loss`).to.be.at.least(division === 'all' ? 3 : 1);
        const months = trend_3mo as { won: number; lost: number }[];
        // On the first days of a month nothing may be decided in it yet.
        const decided = months.filter(({ won, lost }) => won + lost > 0);
        expect(decided.length, `${division}: months with an end`).to.be.at.least(
          new Date().getUTCDate() > 4 ? 3 : 2,
        );
        const leads = (seasonal_curve as { leads: number }[]).filter((month) => month.leads > 0);
        expect(leads.length, `${division}: months with leads`).to.be.at.least(division === 'all' ? 8 : 4);
        if (division !== 'all') continue;
        // Of so few customers not each category answers on each day that the demo may be started.
        const blasts = Object.values(
          blast_effectiveness as Record<string, { sent: number; responded: number }>,
        );
        expect(blasts.some(({ sent }) => sent > 0)).to.equal(true);
        expect(blasts.some(({ responded }) => responded > 0)).to.equal(true);
      }
    });

    it('gives every agent figures of their own', async () => {
      const agents = await list(`/api/admin/analytics/agents?${days}`, 'agents');
      expect(agents.length).to.be.at.least(14);
      const names = ['pickup_time_avg_min', 'sla_compliance_pct', 'availability_rate_pct'];
      const whole = agents.filter(
        (one) =>
          nothingIn(
            names.map((name) => ({ of: one[name] })),
            '',
          ).length === 0,
      );
      // Of so few customers one or the other agent may have had none.
      expect(whole.length).to.be.at.least(agents.length - 3);
      expect(new Set(agents.map((one) => one['closing_rate'])).size).to.be.at.least(6);
    });

    it('has rows in every list', async () => {
      const inbox = '/api/admin/inbox?division=all&';
      const filters = [
        'queue_status=free',
        'queue_status=assigned',
        'snoozed=true',
        'is_idle=true',
        'status=closed',
      ];
      for (const filter of [...filters, 'is_returning_customer=true'])
        expect(await list(inbox + filter, 'tickets'), filter).to.not.be.empty;
      expect(await list('/api/admin/customers?opted_out=true', 'customers')).to.not.be.empty;
      expect(await list('/api/admin/followup/recommendations', 'leads')).to.not.be.empty;
      const statuses = (await list('/api/admin/blast', 'blasts')).map(({ status }) => status);
      expect(statuses).to.include.members(['pending', 'rejected', 'done']);
      const agent = await login(program.url, 'agent1.sari@demo.saga', PASSWORD);
      const { data } = await ok(agent.get('/api/notifications'));
      expect(data['notifications']).to.not.be.empty;
    });

    it('is in the views as it is in the log', async () => {
      const { stdout } = await run(
        process.execPath,
        ['--import', 'tsx', 'scripts/projections.ts', 'verify'],
        {
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: folder.path },
        },
      );
      expect(stdout).to.include('notifications').and.to.include('analytics');
      expect(stdout).not.to.match(/differ(?!ences: 0)|missing/i);
    });
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync('README.md', 'utf8').matchAll(/npm run ([a-z:]+)/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(scripts)).to.include.members(named);
  });
});
