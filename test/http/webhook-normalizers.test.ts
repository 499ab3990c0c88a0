import { expect } from 'chai';
import fc from 'fast-check';
import { type Inbound, inbound } from '../../src/domain/inbound.ts';
import { readDelivery } from '../../src/http/webhook/delivery.ts';
import { keyOf, type Part, storableJson } from '../../src/http/webhook/part.ts';
import * as meta from '../support/meta.ts';

const receivedAt = '2026-07-03T10:30:05.000Z';
const context = { map: meta.channelMap, receivedAt };
const partsOf = (body: unknown, sender: Parameters<typeof readDelivery>[1]): readonly Part[] => {
  const read = readDelivery(body, sender, context);
  if (!read) throw new Error('this sender may not speak in this form');
  return read.parts;
};
const fromMeta = (body: unknown) => partsOf(body, { kind: 'signed', meta: true, bot: false });
const fromBot = (body: unknown) => partsOf(body, { kind: 'signed', meta: false, bot: true });
const fromTelegram = (body: unknown) => partsOf(body, { kind: 'telegram', division: 'savi' });

/** The inbound items, each checked against the schema the ingester reads them with. */
const inbounds = (parts: readonly Part[]): Inbound[] =>
  parts.flatMap((part) => (part.kind === 'inbound' ? [inbound.parse(part.inbound)] : []));
const only = (parts: readonly Part[]): Inbound => {
  expect(parts).to.have.length(1);
  const [found] = inbounds(parts);
  if (!found) throw new Error(`no inbound item: ${JSON.stringify(parts)}`);
  return found;
};
const verdicts = (parts: readonly Part[]): string[] =>
  parts.map((part) => (part.kind === 'inbound' ? part.inbound.kind : `${part.kind} ${part.reason}`));

describe('the WhatsApp normalizer', () => {
  it('reads a text message completely', () => {
    expect(only(fromMeta(meta.waText('wamid.1', { context: { id: 'wamid.0', from: 'x' } })))).to.deep.equal({
      kind: 'message',
      division: 'sari',
      channel: 'whatsapp',
      userId: `wa_${meta.CUSTOMER}`,
      businessScopedId: null,
      phone: `+${meta.CUSTOMER}`,
      userName: 'Budi Santoso',
      botId: 'sari',
      waPhoneId: 'PHONE_ID_001',
      waDisplayName: 'Saga Kargo',
      sentAt: meta.TIMESTAMP_ISO,
      isOfficeHours: null,
      channelMessageId: 'wamid.1',
      contentKind: 'text',
      content: 'isi wamid.1',
      attachments: [],
      replyTo: 'wamid.0',
    });
  });

  for (const [type, member, content, attached] of meta.WA_TYPES) {
    it(`shows ${type} as '${content}'`, () => {
      const found = only(fromMeta(meta.waText('wamid.1', { text: undefined, type, ...member })));
      if (found.kind !== 'message') throw new Error(found.kind);
      expect(found.content).to.equal(content);
      expect(found.contentKind).to.equal(
        content === '[Jenis pesan ini belum didukung]' ? 'unsupported' : type,
      );
      expect(found.attachments.map(({ kind }) => kind)).to.deep.equal(attached ? [attached] : []);
      const media = (member as Record<string, { id?: string; mime_type?: string }>)[type];
      if (media?.id)
        expect(found.attachments[0]).to.include({ mediaId: media.id, mimeType: media.mime_type });
    });
  }

  it('knows every status of a message, and keeps the reason of a failure', () => {
    const errors = [
      { code: 131047, title: 'Re-engagement message', error_data: { details: 'over 24 hours' } },
    ];
    const statuses = ['sent', 'delivered', 'read', 'played', 'failed'].map((status) =>
      meta.waStatus('wamid.9', status, status === 'failed' ? { errors } : {}),
    );
    const found = inbounds(fromMeta(meta.waBody(meta.waChange({ statuses }))));
    expect(found.map((one) => one.kind === 'status' && [one.status, one.error])).to.deep.equal([
      ['sent', null],
      ['delivered', null],
      ['read', null],
      ['read', null],
      ['failed', '131047 Re-engagement message over 24 hours'],
    ]);
  });

  it('keeps a status nobody knows as a dead letter', () => {
    const statuses = [meta.waStatus('w', 'warning'), meta.waStatus('w', 'sent')];
    expect(verdicts(fromMeta(meta.waBody(meta.waChange({ statuses }))))).to.deep.equal([
      'dead unknown_status',
      'status',
    ]);
  });

  it('finds the name by who the contact is, not by where it stands', () => {
    const contacts = [meta.waContact('6289999', 'Orang Lain'), meta.waContact(meta.CUSTOMER, 'Budi')];
    const messages = [
      meta.waMessage('a'),
      meta.waMessage('b', { from: '6289999' }),
      meta.waMessage('c', { from: '6270000' }),
    ];
    const found = inbounds(fromMeta(meta.waBody(meta.waChange({ contacts, messages }))));
    expect(found.map(({ userName }) => userName)).to.deep.equal(['Budi', 'Orang Lain', null]);
  });

  it('takes a customer whose phone is hidden by the business-scoped id', () => {
    const contacts = [{ profile: { name: 'Budi', username: 'budi' }, user_id: 'ID.13491208655302741918' }];
    const messages = [meta.waMessage('a', { from: undefined, from_user_id: 'ID.13491208655302741918' })];
    expect(only(fromMeta(meta.waBody(meta.waChange({ contacts, messages }))))).to.include({
      userId: 'wa_ID.13491208655302741918',
      businessScopedId: 'ID.13491208655302741918',
      phone: null,
      userName: 'Budi',
    });
    const statuses = [meta.waStatus('w', 'read', { recipient_id: undefined, recipient_user_id: 'ID.1' })];
    expect(only(fromMeta(meta.waBody(meta.waChange({ statuses }))))).to.include({
      userId: 'wa_ID.1',
      phone: null,
    });
  });

  it('keeps both names when WhatsApp tells both', () => {
    const contacts = [{ ...meta.waContact(), user_id: 'ID.77' }];
    const found = only(fromMeta(meta.waBody(meta.waChange({ contacts, messages: [meta.waMessage('a')] }))));
    expect(found).to.include({ userId: `wa_${meta.CUSTOMER}`, businessScopedId: 'ID.77' });
  });

  it('sends each number to its division, and no message of a foreign number to any', () => {
    const of = (phoneId: string) => verdictAndDivision(fromMeta(meta.waText('a', {}, phoneId)));
    const verdictAndDivision = (parts: readonly Part[]) =>
      parts.map((part) => (part.kind === 'inbound' ? part.inbound.division : part.reason));
    expect(
      ['PHONE_ID_001', 'PHONE_ID_002', 'PHONE_ID_003', 'SOMEBODY_ELSE', '__proto__'].map(of),
    ).to.deep.equal([
      ['sari'],
      ['savi'],
      ['safia'],
      ['unknown_phone_number_id'],
      ['unknown_phone_number_id'],
    ]);
  });

  it('lets no bad part spoil the good ones, and keeps their order', () => {
    const body = {
      object: 'whatsapp_business_account',
      entry: [
        'no entry at all',
        {
          id: '1',
          changes: [
            meta.waChange({
              contacts: 'no list',
              messages: [
                meta.waMessage('a'),
                null,
                meta.waMessage('b', { timestamp: 'yesterday' }),
                meta.waMessage('c'),
              ],
              statuses: [{ id: 'x' }, meta.waStatus('w', 'sent')],
            }),
            { field: 'messages', value: { metadata: 7 } },
            { field: 'message_template_status_update', value: { event: 'PAUSED' } },
            { field: 'a_field_of_2027', value: {} },
          ],
        },
        { id: '2', changes: [meta.waChange({ phoneId: 'PHONE_ID_002', messages: [meta.waMessage('d')] })] },
      ],
    };
    const parts = fromMeta(body);
    expect(verdicts(parts).map((one) => one.replace(/:.*/, ''))).to.deep.equal([
      'dead invalid_entry',
      'message',
      'dead invalid_message',
      'dead invalid_message',
      'message',
      'dead invalid_status',
      'status',
      'dead invalid_value',
      'ignored field_message_template_status_update',
      'dead unknown_field',
      'message',
    ]);
    const ids = inbounds(parts).map((one) => 'channelMessageId' in one && one.channelMessageId);
    expect(ids).to.deep.equal(['a', 'c', 'w', 'd']);
  });

  it('any message in which one member was replaced by anything is either understood or kept, never thrown', () => {
    const paths = fc.constantFrom('from', 'id', 'timestamp', 'type', 'text', 'context', 'image', 'errors');
    fc.assert(
      fc.property(paths, fc.jsonValue(), fc.constantFrom(...meta.WA_TYPES), (path, value, [type, member]) => {
        const messages = [
          meta.waMessage('ok-1'),
          meta.waMessage('x', { type, ...member, [path]: value }),
          meta.waMessage('ok-2'),
        ];
        const parts = fromMeta(meta.waBody(meta.waChange({ messages })));
        expect(parts).to.have.length(3);
        inbounds(parts);
        expect([parts[0]?.kind, parts[2]?.kind]).to.deep.equal(['inbound', 'inbound']);
      }),
      { numRuns: 300 },
    );
  });

  it('any JSON at all, in any place, is kept', () => {
    const anywhere = fc.oneof(
      fc.jsonValue(),
      fc.record({
        object: fc.constantFrom('whatsapp_business_account', 'page', 'instagram', 'user'),
        entry: fc.jsonValue(),
      }),
      fc.jsonValue().map((value) => meta.waBody(value)),
      fc.jsonValue().map((value) => meta.waBody({ field: 'messages', value })),
      fc.jsonValue().map((value) => meta.messengerBody('page', 'PAGE_001', value)),
    );
    fc.assert(
      fc.property(anywhere, (body) => {
        for (const sender of [
          { kind: 'signed', meta: true, bot: true },
          { kind: 'telegram', division: 'sari' },
        ] as const) {
          const parts = partsOf(body, sender);
          expect(parts).not.to.be.empty;
          inbounds(parts);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the Instagram and Messenger normalizer', () => {
  const of = (...events: object[]) =>
    fromMeta(meta.messengerBody('page', 'PAGE_001', ...events.map((event) => meta.messengerEvent(event))));

  it('reads text, attachments, postbacks, quick replies and reactions', () => {
    const image = { type: 'image', payload: { url: 'https://cdn.example/1.jpg' } };
    const found = inbounds(
      of(
        { message: { mid: 'm1', text: 'Halo', reply_to: { mid: 'm0' } } },
        { message: { mid: 'm2', attachments: [image, { type: 'file', payload: {} }] } },
        { message: { mid: 'm3', text: 'Ya', quick_reply: { payload: 'YES' } } },
        { postback: { mid: 'm4', title: 'Mulai', payload: 'GET_STARTED' } },
        { postback: { title: 'Mulai', payload: 'GET_STARTED' } },
        { reaction: { mid: 'm1', action: 'react', emoji: '❤' } },
      ),
    );
    expect(
      found.map((one) => one.kind === 'message' && [one.contentKind, one.content, one.replyTo]),
    ).to.deep.equal([
      ['text', 'Halo', 'm0'],
      ['image', '[Gambar]\n[Dokumen]', null],
      ['text', 'Ya', null],
      ['button', 'Mulai', null],
      ['button', 'Mulai', null],
      ['reaction', '[Reaksi] ❤', 'm1'],
    ]);
    expect(found[0]).to.include({
      userId: 'fb_5550001',
      channel: 'facebook',
      division: 'sari',
      sentAt: meta.TIMESTAMP_ISO,
    });
    expect(new Set(found.map(keyOf)).size).to.equal(found.length);
  });

  it("takes echoes for what they are: our own words, not the customer's", () => {
    expect(verdicts(of({ message: { mid: 'm', text: 'Halo', is_echo: true, app_id: 1 } }))).to.deep.equal([
      'ignored echo',
    ]);
  });

  it('reports deliveries and seen-marks that name a message', () => {
    const found = inbounds(of({ delivery: { mids: ['m1', 'm2'], watermark: 1 } }, { read: { mid: 'm3' } }));
    expect(found.map((one) => one.kind === 'status' && [one.channelMessageId, one.status])).to.deep.equal([
      ['m1', 'delivered'],
      ['m2', 'delivered'],
      ['m3', 'read'],
    ]);
    expect(verdicts(of({ read: { watermark: 1 } }))).to.deep.equal(['ignored read']);
  });

  it('tells Instagram from Facebook, and foreign pages from ours', () => {
    const event = meta.messengerEvent({ message: { mid: 'm', text: 'Halo' } });
    const found = only(fromMeta(meta.messengerBody('instagram', 'IG_003', event)));
    expect(found).to.include({ userId: 'ig_5550001', channel: 'instagram', division: 'safia' });
    expect(verdicts(fromMeta(meta.messengerBody('page', 'NOT_OURS', event)))).to.deep.equal([
      'dead unknown_page_id',
    ]);
  });
});

describe('the Telegram normalizer', () => {
  const file = { file_id: 'F', file_unique_id: 'u' };
  const cases: [message: object, contentKind: string, content: string][] = [
    [{ text: 'Halo' }, 'text', 'Halo'],
    [{ photo: [{ ...file, file_id: 'small' }, file], caption: 'STNK' }, 'image', '[Gambar] STNK'],
    [{ voice: file }, 'audio', '[Pesan suara]'],
    [{ video: file }, 'video', '[Video]'],
    [{ document: { ...file, file_name: 'a.pdf' }, caption: 'ini' }, 'document', '[Dokumen] a.pdf, ini'],
    [{ animation: file, document: file }, 'video', '[Animasi]'],
    [{ sticker: { ...file, emoji: '😀' } }, 'sticker', '[Stiker] 😀'],
    [{ location: { latitude: 1, longitude: 104 } }, 'location', '[Lokasi] 1, 104'],
    [{ contact: { phone_number: '+62812', first_name: 'Siti' } }, 'contacts', '[Kontak] Siti, +62812'],
    [{ dice: { value: 3 } }, 'unsupported', '[Jenis pesan ini belum didukung]'],
  ];
  for (const [message, contentKind, content] of cases) {
    it(`shows ${Object.keys(message).join('+')} as '${content}'`, () => {
      const found = only(fromTelegram(meta.telegramUpdate({}, message)));
      expect(found).to.include({
        contentKind,
        content,
        userId: 'tg_42',
        division: 'savi',
        channelMessageId: '17',
      });
      expect(found).to.include({ userName: 'Budi Santoso', sentAt: meta.TIMESTAMP_ISO });
    });
  }

  it('takes the largest size of a photo', () => {
    const found = only(fromTelegram(meta.telegramUpdate({}, cases[1]![0])));
    expect(found.kind === 'message' && found.attachments[0]?.mediaId).to.equal('F');
  });

  it('takes an edit as a fact of its own, and a tap on a button as a message', () => {
    const { message } = meta.telegramUpdate({}, { text: 'Halo', edit_date: Number(meta.TIMESTAMP) + 60 }) as {
      message: object;
    };
    const edit = only(fromTelegram(meta.telegramUpdate({ edited_message: message }, null)));
    expect(edit).to.include({ contentKind: 'edited', content: '[Diedit] Halo', replyTo: '17' });
    expect(keyOf(edit)).not.to.equal(keyOf(only(fromTelegram(meta.telegramUpdate({}, { text: 'Halo' })))));
    const tap = {
      id: '99',
      from: { id: 42, is_bot: false, first_name: 'Budi' },
      data: 'ya',
      chat_instance: '1',
    };
    expect(only(fromTelegram(meta.telegramUpdate({ callback_query: tap }, null)))).to.include({
      content: 'ya',
      sentAt: receivedAt,
    });
  });

  it('leaves groups, bots and membership alone, and keeps what it does not know', () => {
    const group = { chat: { id: -1, type: 'group' }, text: 'Halo' };
    expect(verdicts(fromTelegram(meta.telegramUpdate({}, group)))).to.deep.equal([
      'ignored not_a_private_chat',
    ]);
    const bot = { from: { id: 1, is_bot: true, first_name: 'b' }, text: 'Halo' };
    expect(verdicts(fromTelegram(meta.telegramUpdate({}, bot)))).to.deep.equal(['ignored echo']);
    expect(verdicts(fromTelegram(meta.telegramUpdate({ my_chat_member: {} }, null)))).to.deep.equal([
      'ignored my_chat_member',
    ]);
    expect(verdicts(fromTelegram(meta.telegramUpdate({ of_2027: {} }, null)))).to.deep.equal([
      'dead unknown_update',
    ]);
  });
});

describe('the normalized form', () => {
  it('reads the example of the contract; the number wins over the division in the body', () => {
    expect(only(fromBot(meta.botEvent({ division: 'safia' })))).to.deep.equal({
      kind: 'message',
      division: 'savi',
      channel: 'whatsapp',
      userId: `wa_${meta.CUSTOMER}`,
      businessScopedId: null,
      phone: `+${meta.CUSTOMER}`,
      userName: 'Budi Santoso',
      botId: 'savi',
      waPhoneId: 'PHONE_ID_002',
      waDisplayName: 'Saga Mobil',
      sentAt: '2026-07-03T10:30:00.000Z',
      isOfficeHours: true,
      channelMessageId: 'wamid.X',
      contentKind: 'text',
      content: 'isi pesan',
      attachments: [],
      replyTo: null,
    });
  });

  it('event defaults to message and sender to customer; unknown members do no harm', () => {
    const { event: _event, sender: _sender, ...rest } = meta.botEvent({ of_2027: true });
    expect(only(fromBot(rest)).kind).to.equal('message');
  });

  it('reads the other events', () => {
    const lead = { event: 'lead_detected', fields: { origin_city: 'Jakarta' }, confidence: 0.9 };
    const found = [
      { sender: 'bot', confidence: 0.8 },
      { event: 'handoff', reason: 'minta orang' },
      { event: 'resolved' },
      lead,
    ].map((over) => only(fromBot(meta.botEvent(over))));
    expect(found.map(({ kind }) => kind)).to.deep.equal([
      'bot_message',
      'handoff',
      'resolved',
      'lead_detected',
    ]);
    expect(found[0]).to.include({ confidence: 0.8, channelMessageId: 'wamid.X' });
    expect(found[1]).to.include({ reason: 'minta orang' });
    expect(found[3]).to.deep.include({ fields: { origin_city: 'Jakarta' }, confidence: 0.9 });
    expect(new Set(found.map(keyOf)).size).to.equal(4);
  });

  it('knows the prefixes of all channels', () => {
    const told = { wa_phone_id: null, division: 'safia' };
    const found = ['wa_628111111', 'tg_42', 'ig_1', 'fb_2', 'web_visitor-1'].map((user_id) =>
      only(fromBot(meta.botEvent({ ...told, user_id, channel: undefined }))),
    );
    expect(found.map(({ channel }) => channel)).to.deep.equal([
      'whatsapp',
      'telegram',
      'instagram',
      'facebook',
      'web',
    ]);
    expect(found.map(({ phone }) => phone)).to.deep.equal(['+628111111', null, null, null, null]);
  });

  it('one customer is one, however the number is written', () => {
    for (const user_id of ['wa_+62 812-3456-7890', 'wa_6281234567890']) {
      expect(only(fromBot(meta.botEvent({ user_id }))).userId).to.equal(`wa_${meta.CUSTOMER}`);
    }
  });

  const dead: [over: object, reason: string][] = [
    [{ user_id: undefined }, 'invalid_body: user_id'],
    [{ user_id: '6281234567890' }, 'unknown_user_prefix'],
    [{ user_id: 'tg_42' }, 'prefix_of_another_channel'],
    [{ wa_phone_id: 'SOMEBODY_ELSE' }, 'unknown_phone_number_id'],
    [{ wa_phone_id: null, division: undefined }, 'missing_division'],
    [{ division: 'all' }, 'invalid_body: division'],
    [{ message: 7 }, 'invalid_body: message'],
    [{ message: undefined }, 'invalid_body: message'],
    [{ timestamp: 'kemarin' }, 'invalid_body: timestamp'],
    [{ timestamp: '2026-07-03T10:30:00' }, 'invalid_body: timestamp'],
    [{ timestamp: '2026-07-03T10:30:00+99:99' }, 'invalid_body: timestamp'],
    [{ timestamp: '2026-02-30T10:30:00Z' }, 'invalid_body: timestamp'],
    [{ timestamp: '9999-12-31T23:59:59-01:00' }, 'invalid_body: timestamp'],
    [{ message_id: undefined, timestamp: undefined }, 'invalid_body: timestamp'],
    [{ event: 'of_2027' }, 'invalid_body: event'],
    [{ event: 'lead_detected' }, 'invalid_body: fields'],
    [
      { event: 'lead_detected', fields: JSON.parse('{"a":{"__proto__":{"x":1}}}') as object },
      'unsafe_member',
    ],
  ];
  for (const [over, reason] of dead) {
    it(`keeps ${JSON.stringify(over)} as '${reason}'`, () => {
      expect(verdicts(fromBot(meta.botEvent(over)))).to.deep.equal([`dead ${reason}`]);
    });
  }

  it('a list is several events, each for itself', () => {
    const list = [meta.botEvent(), 'nonsense', meta.botEvent({ message_id: 'wamid.Y' })];
    expect(verdicts(fromBot(list))).to.deep.equal(['message', 'dead invalid_body: body', 'message']);
  });
});

describe('the key of an item', () => {
  const key = (parts: readonly Part[]) => keyOf(only(parts));

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
        meta.waBody(meta.waChange({ messages: [meta.waMessage('a', { timestamp: meta.CUSTOMER })] })),
      ).map((part) => part.kind !== 'inbound' && part.reason),
    );
    expect(text).to.equal('["invalid_message: timestamp"]');
    expect(key(fromMeta(meta.waText('wamid.1')))).to.match(/^[\w-]{32}$/);
  });
});

describe('what is stored of an item', () => {
  it('is the item, but for what no store can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = JSON.parse(storableJson({ text })) as { text: string };
        expect(back.text).to.equal(text.replaceAll('\u0000', '\ufffd'));
      }),
    );
    expect(JSON.parse(storableJson({ text: 'a\u0000b\ud800c \\u0000 😀' }))).to.deep.equal({
      text: 'a\ufffdb\ufffdc \\u0000 😀',
    });
  });

  it('bears a body nested deeper than the stack', () => {
    expect(storableJson(JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).to.be.a('string');
  });
});
