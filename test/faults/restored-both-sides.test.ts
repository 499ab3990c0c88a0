/**
 * A backup and restore of everything, made while replies wait and a blast runs (docs/design/reliability.md#the-right-store): what
 * left after the backup is not known to it, and must not leave again.
 */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startMetaSimulator, type MetaSimulator } from '../../src/main/demo/meta-simulator/server.ts';
import { type Installation, openInstallation, PASSWORD } from '../e2e/installation.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, aText, login, ok, type Session } from '../support/http/client.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { type DataFolder, dataFolder, launch } from '../support/processes/program.ts';
import { type CopiedServer, copiedServers, postgresAlone } from '../support/stores/copied-servers.ts';

const TOKEN = 'a WhatsApp token for tests only';
const RECIPIENTS = 10;
/** Of the replies; the blast goes over the line of another division. */
const LINE_OF_REPLIES = 'PHONE_ID_002';

const cases = [
  { ...postgresAlone, first: 'database' as const },
  ...copiedServers().flatMap((kind) =>
    (['event store', 'database'] as const).map((first) => ({ ...kind, first })),
  ),
];

for (const { name, start, first } of cases)
  describe(`a restore of both sides, of which the ${first} was copied first: ${name}`, function () {
    this.timeout(300_000);
    let server: CopiedServer;
    let meta: MetaSimulator;
    let installation: Installation;
    let folder: DataFolder;
    const place = mkdtempSync(join(tmpdir(), 'saga-both-'));
    const waiting = [aText('Balasan'), aText('Balasan')];
    const customers = Array.from({ length: RECIPIENTS }, () => aCustomer());
    const talker = aCustomer('savi');
    let isLineSlow = true;

    const env = () => ({
      ...(server.url !== undefined && { EVENTSTORE_URL: server.url }),
      WHATSAPP_TOKEN: TOKEN,
      WHATSAPP_API_URL: meta.url,
      BLAST_DELAY_MS: '1500',
      WA_DAILY_LIMIT: '1000',
    });
    const takenBy = (text: string): number => meta.taken.filter((one) => one.text.includes(text)).length;
    const numberOf = ({ userId }: { userId: string }) => userId.slice('wa_'.length);
    const blasted = () => customers.filter((one) => meta.taken.some(({ to }) => to === numberOf(one))).length;

    before(async () => {
      server = await start();
      folder = await dataFolder();
      meta = await startMetaSimulator({
        token: TOKEN,
        react: ({ line }) =>
          isLineSlow && line === LINE_OF_REPLIES
            ? { kind: 'error', status: 429, code: 130429 }
            : { kind: 'accept' },
      });
      installation = await openInstallation({ env: env() });
    });
    after(async () => {
      await (installation as Installation | undefined)?.close();
      await (meta as MetaSimulator | undefined)?.close();
      await (folder as DataFolder | undefined)?.remove();
      await (server as CopiedServer | undefined)?.stop();
      rmSync(place, { recursive: true, force: true });
    });

    async function runningBlast(lead: Session, admin: Session): Promise<string> {
      const recipients: string[] = [];
      for (const one of customers) {
        await ok(installation.channels().says(one, aText('Halo')));
        recipients.push(await installation.ticket(admin, one));
      }
      const template = await ok(
        admin.post('/api/admin/templates', {
          name: 'tanya kabar',
          body: 'Halo {{name}}, jadi kirim ke {{destination_city}}?',
          whatsapp_template_name: 'tanya_kabar',
        }),
      );
      const created = await ok(
        lead.post('/api/admin/blast/create', {
          recipients,
          template_id: template.data['id'],
          message: 'Halo {{name}} dari {{origin_city}}!',
        }),
      );
      const id = created.data['blast_id'] as string;
      await ok(admin.post(`/api/admin/blast/${id}/approve`));
      return id;
    }

    it('starts nothing before it is accepted, sends nothing twice, and pauses the blast', async () => {
      const agent = await installation.as('agent1.savi@demo.saga');
      const lead = await installation.as('tl@demo.saga');
      const admin = await installation.as('sa@demo.saga');
      await ok(installation.channels().says(talker, aText('Halo')));
      const ticketId = await installation.ticket(agent, talker);
      await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
      for (const message of waiting) await ok(agent.post(`/api/admin/ticket/${ticketId}/reply`, { message }));
      const blastId = await runningBlast(lead, admin);
      await eventually('the blast is in the middle', () => blasted() >= 2, 30_000);

      const backup = async (): Promise<void> => {
        const set = { DATA_DIR: installation.folder.path, ...env() };
        const { code, output } = await runScript('backup', [place], set);
        expect(code, output).to.equal(0);
      };
      if (first === 'database') await backup();
      const putBack = await server.copy();
      if (first === 'event store') await backup();
      expect(blasted(), 'the blast was still running').to.be.lessThan(RECIPIENTS);
      // What no backup knows: the replies leave, and the blast comes to its end.
      isLineSlow = false;
      await eventually('the replies are out', () => waiting.every((text) => takenBy(text) === 1), 90_000);
      await eventually('the blast is over', () => blasted() === RECIPIENTS, 60_000);
      await installation.main().stop();

      await putBack();
      const set = { DATA_DIR: folder.path, ...env() };
      copyFileSync(join(installation.folder.path, 'secrets.json'), join(folder.path, 'secrets.json'));
      const [backedUp = ''] = readdirSync(place);
      const restored = await runScript('restore', [join(place, backedUp)], set);
      expect(restored.code, restored.output).to.equal(0);
      if (server.url !== undefined) {
        const refused = await launch({ folder, env: env() });
        expect((await refused.exited).code).to.equal(1);
        expect(refused.errors()).to.include('npm run store:accept');
        const accepted = await runScript('store-accept', ['--yes'], set);
        expect(accepted.code, accepted.output).to.equal(0);
        expect(accepted.output).to.include(blastId);
      } else expect(restored.output).to.include(blastId);

      const program = await launch({ folder, env: { LOGIN_LIMIT_PER_ADDRESS: '100000', ...env() } });
      await program.ready().catch(async (e: unknown) => {
        console.log(await (await fetch(program.url + '/readyz')).text(), program.output().slice(-3000));
        throw e;
      });
      const again = await login(program.url, 'agent1.savi@demo.saga', PASSWORD);
      const next = aText('Berikutnya');
      await ok(again.post(`/api/admin/ticket/${ticketId}/reply`, { message: next }));
      await eventually('the next reply is sent', () => takenBy(next) === 1, 60_000);
      const { messages } = (await ok(again.get(`/api/admin/ticket/${ticketId}/messages`))).data as {
        messages: { content: string; delivery_status: string | null }[];
      };
      const statuses = messages
        .filter(({ content }) => waiting.includes(content))
        .map(({ delivery_status: status }) => status);
      expect(statuses).to.deep.equal(['unknown', 'unknown']);
      const boss = await login(program.url, 'sa@demo.saga', PASSWORD);
      const { status, pause_reason } = (await ok(boss.get(`/api/admin/blast/${blastId}/status`))).data;
      expect([status, pause_reason]).to.deep.equal(['paused', 'restored']);
      for (const text of waiting) expect(takenBy(text), 'a reply that waited').to.equal(1);
      for (const one of customers)
        expect(meta.taken.filter(({ to }) => to === numberOf(one))).to.have.length(1);
      await program.stop();
    });
  });
