/** What happens while the bot is composing, on a real store (docs/design/chat.md#answers). */
import { expect } from 'chai';
import { uuids } from '../../../src/adapters/clock.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { shippedFaqs } from '../../../src/adapters/chat/faq-files.ts';
import { createStemmer } from '../../../src/adapters/chat/stemmer.ts';
import { ask } from '../../../src/commands/chat/ask.ts';
import { createFaqs } from '../../../src/commands/chat/faqs.ts';
import { publishFaq } from '../../../src/commands/chat/publish-faq.ts';
import { findTalk, type Visitor } from '../../../src/commands/chat/visitor.ts';
import type { ChatAnswerer, EventStore } from '../../../src/ports.ts';
import { commandsOn, contextOf, eventsOf } from '../../support/scenarios/commands.ts';
import { ani, tono } from '../../support/scenarios/people.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const USE = { inputTokens: 10, outputTokens: 5 };

describe('while the bot is composing', () => {
  const shipped = shippedFaqs();
  let its: TestStore;
  let store: EventStore;
  before(async () => {
    its = await testStore();
    ({ store } = its);
  });
  after(() => its.close());

  /** @param during what happens before the model has its answer */
  function chatOn(during: () => Promise<unknown>, answer: Partial<ChatAnswerer> = {}) {
    const { commands, receive } = commandsOn(store);
    const clock = { now: () => new Date('2026-07-03T03:30:00Z') };
    const blindIndex = createBlindIndex('a key for tests only, 32 characters');
    const faqs = createFaqs({ handler: commands.handler, shipped, stem: createStemmer() });
    const answerer: ChatAnswerer = {
      choose: async () => {
        await during();
        return { key: null, use: USE };
      },
      reword: async () => {
        await during();
        return { text: null, use: USE };
      },
      ...answer,
    };
    const deps = {
      ...{ handler: commands.handler, clock, ids: uuids, blindIndex, timezone: 'Asia/Jakarta', receive },
      ...{ faqs, answerer },
    };
    const visitor: Visitor = { sessionId: uuids.next(), siteKey: 'sari', division: 'sari' };
    return { commands, clock, faqs, visitor, ask: ask(deps), talk: () => findTalk(deps, visitor) };
  }
  const botReplies = async (id: string) =>
    (await eventsOf(store, `conversation-${id}`)).filter(({ type }) => type === 'BotReplied').length;

  it('an agent takes over: the answer is dropped, and the message is theirs', async () => {
    const chat = chatOn(async () => {
      const { ticket: found } = await chat.talk();
      if (found.status !== 'free') throw new Error('the talk is not FREE');
      await chat.commands.selfTakeover(contextOf(ani), found.id);
    });
    const answered = await chat.ask(chat.visitor, { text: 'biaya kirim motor berapa' }, 'r');
    expect(answered).to.include({ mode: 'admin', thought: null });
    const { ticket: now } = await chat.talk();
    expect(await botReplies(now.status === 'absent' ? '' : now.id)).to.equal(0);
  });

  it('a new FAQ is published: the answer is of the version it was begun with, and says so', async () => {
    const changed = structuredClone(shipped.sari);
    changed.intents['HARGA']!.answer = 'Kata-kata baru.';
    const chat = chatOn(() =>
      publishFaq({ handler: chat.commands.handler, clock: chat.clock, shipped }).publish(
        contextOf(tono),
        'sari',
        changed,
      ),
    );
    const answered = await chat.ask(chat.visitor, { text: 'ongkir berapa' }, 'r');
    expect(answered.thought?.text).to.include(shipped.sari.intents['HARGA']?.answer);
    const { ticket: now } = await chat.talk();
    if (now.status === 'absent') throw new Error('no talk');
    const events = await store.read(`ticket-${now.id}`);
    const said = events.find(({ type }) => type === 'FaqAnswered');
    expect((said?.data as { faqVersion: number }).faqVersion).to.equal(0);
    expect((await chat.faqs.of('sari')).version).to.equal(1);
  });

  it('the model invents a price, or a topic: the template goes out', async () => {
    const lies = chatOn(() => Promise.resolve(), {
      reword: () => Promise.resolve({ text: 'Hanya Rp 5.000!', use: USE }),
      choose: () => Promise.resolve({ key: 'GRATIS', use: USE }),
    });
    const answered = await lies.ask(lies.visitor, { text: 'alamat kantor di mana' }, 'r');
    expect(answered.thought?.text)
      .to.include(shipped.sari.intents['KANTOR']?.answer)
      .and.not.include('5.000');
    expect(answered.use).to.deep.equal(USE);
  });

  it('the visitor writes after the close: a new ticket, and the bot answers there', async () => {
    const chat = chatOn(() => Promise.resolve());
    await chat.ask(chat.visitor, { text: 'halo' }, 'r1');
    const { ticket: first } = await chat.talk();
    if (first.status === 'absent') throw new Error('no talk');
    await chat.commands.close(contextOf(tono), first.id, {});
    const again = await chat.ask(chat.visitor, { text: 'alamat kantor di mana' }, 'r2');
    expect(again).to.include({ mode: 'bot' });
    const { ticket: second } = await chat.talk();
    expect(second.status === 'absent' ? '' : second.id).to.not.equal(first.id);
  });
});
