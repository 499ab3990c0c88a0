/**
 * The whole program on three nodes: the leader killed, the leader paused, no quorum. Nothing acknowledged is lost or
 * doubled, every answer comes within five seconds, `/readyz` tells the truth within ten
 * (docs/design/reliability.md#callers-wait-five-seconds).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { serverAddress } from '../../../src/adapters/eventstoredb/address.ts';
import { setUpEventStore } from '../../../src/adapters/eventstoredb/administration/setup.ts';
import { type Installation, openInstallation } from '../../e2e/installation.ts';
import { eventually } from '../../support/eventually.ts';
import {
  aCustomer,
  aText,
  attempt,
  type Customer,
  get,
  ok,
  type Session,
} from '../../support/http/client.ts';
import type { Reply } from '../../support/http/http.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { needsTool } from '../../support/processes/tool.ts';
import { threeNodes, type ThreeNodes } from '../../support/real-eventstoredb/clusters.ts';

const PASSWORD = 'sandi-penyimpanan-9153';
const MOST_MS = 5_000;
const READY_MS = 10_000;
const TICKETS = 90;
/** How long a leader is silent, or a quorum away: well over what a caller may wait. */
const AWAY_MS = 8_000;

interface Answer {
  readonly what: string;
  readonly at: number;
  readonly status: number | undefined;
  readonly milliseconds: number;
}

for (const { name, start } of threeNodes())
  describe(`the program on three nodes: ${name}`, function () {
    this.timeout(600_000);
    let nodes: ThreeNodes;
    let installation: Installation;
    let agent: Session;
    let free: string[] = [];
    const taken: string[] = [];
    const written: { readonly customer: Customer; readonly text: string }[] = [];
    const answers: Answer[] = [];

    before(async function () {
      needsTool(this, 'openssl', 'openssl');
      nodes = await start();
      const admin = nodes.address('admin', 'changeit');
      if (admin.includes('tls=true'))
        await setUpEventStore(
          serverAddress(admin, { allowInsecure: false }),
          { username: 'saga', password: PASSWORD },
          silentLogger(),
        );
      installation = await openInstallation({ env: { EVENTSTORE_URL: nodes.address('saga', PASSWORD) } });
      agent = await installation.as('agent1.sari@demo.saga');
      const customers = Array.from({ length: TICKETS }, () => aCustomer());
      for (const one of customers) await ok(installation.channels().says(one, aText('Halo')));
      await installation.settled();
      while (free.length < TICKETS) {
        const next = customers.slice(free.length, free.length + 10);
        free.push(...(await Promise.all(next.map((one) => installation.ticket(agent, one)))));
      }
    });
    after(async () => {
      await (installation as Installation | undefined)?.close();
      await (nodes as ThreeNodes | undefined)?.stop();
    });

    async function timed(what: string, ask: () => Promise<Reply>): Promise<Reply | undefined> {
      const at = performance.now();
      const reply = await attempt(ask());
      answers.push({ what, at, status: reply?.status, milliseconds: performance.now() - at });
      return reply;
    }

    /** People take tickets, customers write, somebody looks at /readyz, until `work` is done. */
    async function meanwhile(work: () => Promise<void>): Promise<readonly Answer[]> {
      const from = answers.length;
      let isOver = false;
      const loop = async (everyMs: number, step: () => Promise<unknown>): Promise<void> => {
        while (!isOver) {
          await step();
          await delay(everyMs);
        }
      };
      const loops = [
        loop(600, async () => {
          const [id] = free;
          if (id === undefined) throw new Error('there are too few tickets');
          const reply = await timed('takeover', () => agent.post(`/api/admin/ticket/${id}/self-takeover`));
          if (reply?.status !== 200) return;
          taken.push(id);
          free = free.slice(1);
        }),
        loop(400, async () => {
          const [customer, text] = [aCustomer(), aText('Halo')];
          const reply = await timed('webhook', () => installation.channels().says(customer, text));
          if (reply?.status === 200) written.push({ customer, text });
        }),
        loop(300, () => timed('readyz', () => get(installation.main().url, '/readyz'))),
      ];
      try {
        await work();
      } finally {
        isOver = true;
        await Promise.all(loops);
      }
      const all = answers.slice(from);
      expect(
        all.filter(({ milliseconds }) => milliseconds > MOST_MS),
        'answers over five seconds',
      ).to.deep.equal([]);
      const odd = all.filter(
        ({ what, status }) => status === undefined || ![200, what === 'webhook' ? 200 : 503].includes(status),
      );
      expect(odd, 'answers other than done, and not now').to.deep.equal([]);
      return all;
    }

    /** The first answer after `since` that is so. */
    const until = async (since: number, what: string, status: number, mostMs: number): Promise<number> => {
      const found = await eventually(
        `${what} answers ${String(status)}`,
        () =>
          Promise.resolve(
            answers.find((one) => one.what === what && one.status === status && one.at > since),
          ),
        mostMs,
      );
      return found.at + found.milliseconds - since;
    };
    const leads = (but?: number): Promise<number> =>
      eventually(
        'a node leads',
        async () => {
          const node = await nodes.leader().catch(() => undefined);
          return node === undefined || node === but ? undefined : { node };
        },
        60_000,
      ).then(({ node }) => node);

    /** How long the election took is the matter of the nodes; what comes after it is ours. */
    async function goesOn(since: number, former: number): Promise<void> {
      await leads(former);
      const elected = performance.now() - since;
      const ms = await until(since, 'takeover', 200, 60_000);
      console.log(
        `      a node leads after ${String(Math.round(elected))} ms, a takeover after ${String(Math.round(ms))} ms`,
      );
      expect(ms - elected).to.be.lessThan(MOST_MS);
    }

    it('goes on at once with the next leader when the leader is killed', async () => {
      await meanwhile(async () => {
        await delay(1_000);
        const leader = await leads();
        const since = performance.now();
        await nodes.kill(leader);
        try {
          await goesOn(since, leader);
          await until(performance.now(), 'readyz', 200, READY_MS);
        } finally {
          await nodes.restart(leader);
          await delay(2_000);
        }
      });
    });

    it('answers in time while the leader is paused, and goes on with the next one', async () => {
      await meanwhile(async () => {
        const leader = await leads();
        const since = performance.now();
        nodes.pause(leader);
        try {
          await goesOn(since, leader);
          await delay(Math.max(0, AWAY_MS - (performance.now() - since)));
        } finally {
          nodes.resume(leader);
        }
        await delay(2_000);
        await until(performance.now(), 'readyz', 200, READY_MS);
      });
    });

    it('says that it is not ready without a quorum, and goes on when there is one again', async () => {
      await meanwhile(async () => {
        const leader = await leads();
        const [other = 0] = [0, 1, 2].filter((node) => node !== leader);
        const since = performance.now();
        await nodes.kill(leader);
        await nodes.kill(other);
        const unready = await until(since, 'readyz', 503, READY_MS);
        await delay(AWAY_MS);
        await nodes.restart(leader);
        await nodes.restart(other);
        await leads();
        const again = performance.now();
        const ready = await until(again, 'readyz', 200, READY_MS);
        const took = await until(again, 'takeover', 200, READY_MS);
        console.log(
          `      not ready after ${String(Math.round(unready))} ms, ready ${String(Math.round(ready))} ms and a ` +
            `takeover ${String(Math.round(took))} ms after a node leads again`,
        );
      });
    });

    it('has everything that was acknowledged, once', async () => {
      await installation.settled();
      for (const { customer, text } of written) {
        const texts = (await installation.messages(agent, await installation.ticket(agent, customer))).map(
          ({ content }) => content,
        );
        expect(texts.filter((one) => one === text)).to.have.length(1);
      }
      const admin = await installation.as('sa@demo.saga');
      for (const id of taken) {
        const { events } = (await ok(admin.get(`/api/admin/ticket/${id}/audit-log`))).data as {
          events: { event: string }[];
        };
        expect(
          events.filter(({ event }) => event === 'ticket_self_takeover' || event === 'self_takeover').length,
          JSON.stringify(events.map(({ event }) => event)),
        ).to.equal(1);
      }
      console.log(`      ${String(written.length)} customers, ${String(taken.length)} takeovers`);
    });
  });
