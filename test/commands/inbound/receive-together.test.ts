import { expect } from 'chai';
import { decideMessages } from '../../../src/commands/inbound/conversation-entries.ts';
import { togetherFrom } from '../../../src/commands/inbound/inbound-rules.ts';
import { conversation, type ConversationEvent } from '../../../src/domain/conversation/conversation.ts';
import { commandsOn, eventsOf } from '../../support/scenarios/commands.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { from, message } from '../../support/scenarios/inbound.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const given = specOf(conversation);
const idsOf = (items: Parameters<typeof togetherFrom>[0]): readonly string[] =>
  togetherFrom(items).map(({ channelMessageId }) => channelMessageId);

describe('messages of one customer, received together', () => {
  it('are those that follow each other, of one customer under one name, from one that opens a ticket', () => {
    const reaction = message('r', { contentKind: 'reaction' });
    expect(idsOf([message('a'), reaction, message('b')])).to.deep.equal(['a', 'r', 'b']);
    expect(idsOf([reaction, message('a')])).to.deep.equal([]);
    expect(idsOf([message('a'), message('b', { userId: 'wa_62899' })])).to.deep.equal(['a']);
    expect(idsOf([message('a'), message('b', { division: 'savi' })])).to.deep.equal(['a']);
    expect(idsOf([message('a'), message('b', { businessScopedId: 'ID.1' })])).to.deep.equal(['a']);
    expect(idsOf([message('a'), { ...from(), kind: 'resolved' }, message('b')])).to.deep.equal(['a']);
    expect(idsOf([])).to.deep.equal([]);
  });

  it('are each on record once, in order', () => {
    const messages = ['a', 'b', 'c'].map((id, n) => ({ message: message(id), messageId: uuidOf(n + 1) }));
    const all = decideMessages(conversation.initial, messages, TICKET);
    expect(all.map(({ data }) => 'content' in data && data.content)).to.deep.equal(
      ['a', 'b', 'c'].map((id) => `text of ${id}`),
    );
    given()
      .when((talk) => decideMessages(talk, messages, TICKET))
      .thenOnce(...all);
    const [first, second, third] = all as [ConversationEvent, ConversationEvent, ConversationEvent];
    given(second)
      .when((talk) => decideMessages(talk, messages, TICKET))
      .then(first, third);
  });

  describe('on a real store', () => {
    let its: TestStore;
    beforeEach(async () => {
      its = await testStore();
    });
    afterEach(() => its.close());

    const got = (id: string) => ({ key: `wa:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
    const batch = (...ids: string[]) => ids.map((id) => ({ inbound: message(id), received: got(id) }));
    const types = async (prefix: string) => (await eventsOf(its.store, prefix)).map(({ type }) => type);

    it('make what they make one by one, also when some were received before and all come again', async () => {
      const { receive, receiveTogether } = commandsOn(its.store);
      expect(await receiveTogether(batch('a', 'b', 'c'))).to.equal(3);
      // Another process, which knows nothing of it.
      const other = commandsOn(its.store);
      await other.receive(message('b'), got('b'));
      expect(await other.receiveTogether(batch('b', 'c', 'd'))).to.equal(3);
      await receive(message('d'), got('d'));
      expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
      expect(await types('conversation-')).to.deep.equal(Array(4).fill('MessageReceived'));
    });

    it('hear the word that ends blasts among them', async () => {
      const { receiveTogether } = commandsOn(its.store);
      const stop = { inbound: message('s', { content: 'STOP' }), received: got('s') };
      expect(await receiveTogether([...batch('a'), stop, ...batch('b')])).to.equal(3);
      expect((await types('customer-')).at(-1)).to.equal('CustomerOptedOut');
    });

    it('are left to be received one by one where there is nothing to join', async () => {
      const { receiveTogether } = commandsOn(its.store);
      expect(await receiveTogether(batch('a'))).to.equal(0);
      expect(await types('')).to.deep.equal([]);
    });
  });
});
