import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { recordDelivery } from '../../../src/commands/outbound/record-delivery.ts';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { type Desk, desk } from '../../support/scenarios/sending.ts';

describe('the channel sender, killed', () => {
  let d: Desk;
  const children: ChildProcess[] = [];

  before(async () => {
    d = await desk();
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await d.close();
  });

  async function sendingProcess(): Promise<ChildProcess> {
    const program = await builtProgram('test/support/processes/sending-process.ts');
    const child = fork(program, [d.url, d.meta.url], { execArgv: [...NODE_ARGS] });
    children.push(child);
    await once(child, 'message');
    return child;
  }
  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  it('between sending and recording: never sent again, unknown, and known again when the channel reports', async () => {
    d.reacts(() => ({ kind: 'hang', taken: true }));
    const child = await sendingProcess();
    const ticketId = await d.talk();
    const messageId = await d.reply(ticketId, 'halo');
    const next = await d.reply(ticketId, 'dan ini');
    await eventually('the channel has it', () => d.timesTaken(messageId) === 1);
    await kill(child);

    d.reacts(() => ({ kind: 'accept' }));
    d.running();
    expect((await d.outcome(messageId)).data).to.include({ reason: 'interrupted' });
    expect((await d.outcome(next)).type).to.equal('DeliveryAccepted');
    expect([d.timesAsked(messageId), d.timesAsked(next)]).to.deep.equal([1, 1]);

    const { id } = d.meta.taken.find(({ callbackData }) => callbackData === messageId)!;
    await d.report(ticketId, { channelMessageId: id, messageId, status: 'delivered' });
    const talk = await d.store.read(`conversation-${ticketId}`);
    expect(talk.at(-1)).to.deep.include({ type: 'DeliveryReported' });
    expect(talk.at(-1)!.data).to.include({ messageId, ticketId, status: 'delivered' });
    await d.stopAll();
  });

  it('between the record of the attempt and the request: not sent, and somebody can see it', async () => {
    const messageId = await d.reply(await d.talk(), 'halo');
    const cause = { id: messageId, metadata: { correlationId: 'c', requestId: 'r' } };
    const [said] = (await d.store.read(`conversation-${d.lastTicket()}`)).slice(-1);
    const { ticketId, division } = said!.data as { ticketId: string; division: 'sari' };
    const record = recordDelivery({ handler: d.commands.handler, clock: { now: () => new Date() } });
    await record.attempt({ ticketId, division, messageId }, cause, messageId, 'PHONE_ID_001');
    d.running();
    expect((await d.outcome(messageId)).data).to.include({ reason: 'interrupted' });
    expect(d.timesAsked(messageId)).to.equal(0);
    await d.stopAll();
  });

  it('again and again under load: every message at most once, in order, each with an outcome', async () => {
    // Slow enough that a kill always finds some of them on their way.
    d.paces(15);
    const tickets: string[] = [];
    for (let n = 0; n < 6; n += 1) tickets.push(await d.talk());
    const ids = new Map<string, string[]>(tickets.map((ticketId) => [ticketId, []]));
    let child = await sendingProcess();
    for (let n = 0; n < 12; n += 1) {
      for (const ticketId of tickets)
        ids.get(ticketId)!.push(await d.reply(ticketId, `${ticketId} ${String(n)}`));
      if (n % 4 === 3) {
        await kill(child);
        child = await sendingProcess();
      }
    }
    const all = [...ids.values()].flat();
    let unknown = 0;
    for (const id of all) {
      const last = await d.outcome(id, 15_000);
      if (last.type === 'DeliveryLeftUnknown') unknown += 1;
      else expect(last.type).to.equal('DeliveryAccepted');
    }
    await kill(child);
    expect(all.filter((id) => d.timesAsked(id) > 1)).to.deep.equal([]);
    // Three kills, at most one message of each customer on its way at each.
    expect(unknown).to.be.at.most(3 * tickets.length);
    for (const [ticketId, order] of ids) {
      const taken = d.meta.taken
        .filter(({ text }) => text.startsWith(ticketId))
        .map(({ callbackData }) => callbackData);
      expect(taken).to.deep.equal(order.filter((id) => taken.includes(id)));
    }
  });
});
