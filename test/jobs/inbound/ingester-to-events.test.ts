import { expect } from 'chai';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createIngester } from '../../../src/jobs/inbound/ingester.ts';
import type { EventStore } from '../../../src/ports.ts';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { commandsOn, eventsOf } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import * as meta from '../../support/channels/meta.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';
import { replayGenerated } from '../../support/channels/replaying.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';

describe('from the webhook to events, on real stores', () => {
  let its: TestStore;
  let hooks: TestWebhook[];
  let ending: AbortController;
  let runs: Promise<void>[];

  beforeEach(async () => {
    its = await testStore();
    hooks = await Promise.all([testWebhook(its.url), testWebhook(its.url)]);
    ending = new AbortController();
    runs = [];
  });
  afterEach(async () => {
    ending.abort();
    await Promise.all(runs);
    await Promise.all(hooks.map((hook) => hook.close()));
    await its.close();
  });

  function ingest(store: EventStore) {
    const log = silentLogger();
    const ingester = createIngester({
      inbox: hooks[0]!.inbox,
      receive: commandsOn(store).receive,
      leases: createLeases({ url: its.url, logger: log }),
      pubSub: hooks[0]!.pubSub,
      log,
    });
    runs.push(ingester.run(ending.signal));
    return ingester;
  }
  const types = async (prefix: string) => (await eventsOf(its.store, prefix)).map(({ type }) => type);

  it('the same message 20 times at once to two processes: one message, one ticket', async () => {
    const ingester = ingest(its.store);
    await Promise.all(Array.from({ length: 20 }, (_, n) => hooks[n % 2]!.meta(meta.waText('wamid.1'))));
    await ingester.drained();
    expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
    expect(await types('conversation-')).to.deep.equal(['MessageReceived']);
  });

  it('30 first messages of one new customer at once: one ticket, 30 messages', async () => {
    const ingester = ingest(its.store);
    await Promise.all(Array.from({ length: 30 }, (_, n) => hooks[n % 2]!.meta(meta.waText(`wamid.${n}`))));
    await ingester.drained();
    expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
    expect(await types('conversation-')).to.deep.equal(Array(30).fill('MessageReceived'));
  });

  it('statuses before their message, in any order, end up in the talk', async () => {
    const ingester = ingest(its.store);
    const statuses = ['read', 'delivered', 'sent'].map((status) => meta.waStatus('wamid.OUT', status));
    await hooks[0]!.meta(meta.waBody(meta.waChange({ statuses })));
    await hooks[1]!.meta(meta.waText('wamid.1'));
    await ingester.drained();
    expect((await types('conversation-')).toSorted()).to.deep.equal([
      ...Array<string>(3).fill('DeliveryReported'),
      'MessageReceived',
    ]);
  });

  it('a process killed in the middle of its work: the next one brings everything answered 200, once', async () => {
    const program = await builtProgram('test/support/processes/ingesting-process.ts');
    const child: ChildProcess = fork(program, [its.url], { execArgv: [...NODE_ARGS] });
    await once(child, 'message');
    const messages = Array.from({ length: 400 }, (_, n) =>
      meta.waMessage(`wamid.${n}`, { from: `62811${String(n % 40).padStart(6, '0')}` }),
    );
    const delivered = Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        hooks[n % 2]!.meta(meta.waBody(meta.waChange({ messages: messages.slice(n * 50, n * 50 + 50) }))),
      ),
    );
    await eventually('it is in the middle', async () => (await types('conversation-')).length > 40);
    child.kill('SIGKILL');
    expect((await delivered).map(({ status }) => status)).to.deep.equal(Array(8).fill(200));
    const before = (await types('conversation-')).length;
    expect(before).to.be.lessThan(400);
    await ingest(its.store).drained();
    expect(await types('conversation-')).to.deep.equal(Array(400).fill('MessageReceived'));
    expect(await types('ticket-')).to.deep.equal(Array(40).fill('TicketOpened'));
  });

  // Ten thousand, with processes that are killed: test/faults/generated-webhooks.test.ts.
  it('a thousand generated ones of all channels, repeated, mixed up and odd: each message once, at the right customer', () =>
    replayGenerated(its, hooks, { count: 1_000, seed: 20, restarts: 3 })).timeout(180_000);
});
