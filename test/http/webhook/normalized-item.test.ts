import { expect } from 'chai';
import fc from 'fast-check';
import type { NormalizedItem } from '../../../src/channels/reading.ts';
import { itemJson } from '../../../src/http/webhook/inbox-item.ts';
import * as meta from '../../support/channels/meta.ts';
import { fromBot, fromMeta, fromTelegram, only, inboxKey } from '../../support/channels/normalizing.ts';

describe('the key of an item', () => {
  const key = (parts: readonly NormalizedItem[]) => inboxKey(only(parts));

  it('is the same for a message that Meta and the bot both tell about', () => {
    const viaBot = fromBot(meta.botEvent({ message_id: 'wamid.1', wa_phone_id: 'PHONE_ID_001' }));
    expect(key(viaBot)).to.equal(key(fromMeta(meta.waText('wamid.1'))));
  });

  it('without a message id is that of the same item at the same time only', () => {
    const at = (over: object) => key(fromBot(meta.botEvent({ message_id: undefined, ...over })));
    expect(at({})).to.equal(at({}));
    const others = [{ timestamp: '2026-07-03T10:30:01Z' }, { message: 'lain' }, { user_id: 'wa_628999999' }];
    expect(new Set([{}, ...others].map(at)).size).to.equal(4);
  });

  it('tells statuses of one message apart, and chats with the same message number', () => {
    const status = (one: string) =>
      key(fromMeta(meta.waBody(meta.waChange({ statuses: [meta.waStatus('w', one)] }))));
    expect(new Set(['sent', 'delivered', 'read', 'failed'].map(status)).size).to.equal(4);
    expect(status('played')).to.equal(status('read'));
    const other = meta.telegramUpdate(
      {},
      { text: 'Halo', from: { id: 43, is_bot: false }, chat: { id: 43, type: 'private' } },
    );
    expect(key(fromTelegram(other))).not.to.equal(
      key(fromTelegram(meta.telegramUpdate({}, { text: 'Halo' }))),
    );
  });

  it('and the reason of a dead letter hold nothing of the customer', () => {
    const text = JSON.stringify(
      fromMeta(
        meta.waBody(meta.waChange({ messages: [meta.waMessage('a', { id: { of: meta.CUSTOMER } })] })),
      ).map((part) => part.kind !== 'inbound' && part.reason),
    );
    expect(text).to.equal('["invalid_message: id"]');
    expect(key(fromMeta(meta.waText('wamid.1')))).to.match(/^[\w-]{32}$/);
  });
});

describe('what is stored of an item', () => {
  it('is the item, but for what no store can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = JSON.parse(itemJson({ text })) as { text: string };
        expect(back.text).to.equal(text.replaceAll('\u0000', '\ufffd'));
      }),
    );
    expect(JSON.parse(itemJson({ text: 'a\u0000b\ud800c \\u0000 😀' }))).to.deep.equal({
      text: 'a\ufffdb\ufffdc \\u0000 😀',
    });
  });

  it('bears a body nested deeper than the stack', () => {
    expect(itemJson(JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).to.be.a('string');
  });
});
