import { expect } from 'chai';
import * as meta from '../../support/channels/meta.ts';
import { fromBot, inboxKey, only, receivedAt, verdicts } from '../../support/channels/normalizing.ts';

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
      line: 'PHONE_ID_002',
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
    const defaults = { event: undefined, sender: undefined, of_2027: true };
    expect(only(fromBot(meta.botEvent(defaults))).kind).to.equal('message');
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
    expect(new Set(found.map(inboxKey)).size).to.equal(4);
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
    [{ wa_phone_id: null, division: 'all' }, 'invalid_body: division'],
    [{ message: undefined }, 'invalid_body: message'],
    [{ message: { text: 'x' } }, 'invalid_body: message'],
    [{ sender: 'somebody' }, 'invalid_body: sender'],
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

  const loose: [over: object, is: object][] = [
    [{ division: 'all' }, { division: 'savi' }],
    [
      { wa_phone_id: null, division: 'SAVI', channel: 'WhatsApp' },
      { division: 'savi', line: 'PHONE_ID_002' },
    ],
    [{ message: 7 }, { content: '7' }],
    [{ message_id: 177_000_001 }, { channelMessageId: '177000001' }],
    [{ event: 'Message', sender: 'User' }, { kind: 'message' }],
    [{ is_office_hours: 'false' }, { isOfficeHours: false }],
    [{ is_office_hours: 'mungkin', confidence: 'tinggi' }, { isOfficeHours: null }],
    [
      { sender: 'Assistant', confidence: '0.92' },
      { kind: 'bot_message', confidence: 0.92 },
    ],
    [{ timestamp: 'kemarin' }, { sentAt: receivedAt }],
    [{ timestamp: '2026-07-03T10:30:00+99:99' }, { sentAt: receivedAt }],
    [{ timestamp: '2026-07-03' }, { sentAt: receivedAt }],
    [{ timestamp: '2026-02-29T10:00:00Z' }, { sentAt: receivedAt }],
    [{ timestamp: '2028-02-29T10:00:00Z' }, { sentAt: '2028-02-29T10:00:00.000Z' }],
    // The clock on the wall in Jakarta.
    [{ timestamp: '2026-07-03 17:30:00' }, { sentAt: '2026-07-03T10:30:00.000Z' }],
    [{ timestamp: '1783074600' }, { sentAt: '2026-07-03T10:30:00.000Z' }],
    [{ timestamp: 1_783_074_600_000 }, { sentAt: '2026-07-03T10:30:00.000Z' }],
  ];
  for (const [over, is] of loose)
    it(`takes ${JSON.stringify(over)} for what is meant`, () => {
      expect(only(fromBot(meta.botEvent(over)))).to.include(is);
    });

  it('an id of any length is one', () => {
    const of = (end: string) => only(fromBot(meta.botEvent({ message_id: 'x'.repeat(2_000) + end })));
    const ids = ['a', 'a', 'b'].map((end) => inboxKey(of(end)));
    expect(new Set(ids).size).to.equal(2);
  });

  it('one person is one, in every spelling that libraries and people have', () => {
    const spelled = [
      '6281234567890',
      '+62 812-3456-7890',
      '081234567890',
      '0062 812 3456 7890',
      '+62 0812 3456 7890',
      '6281234567890@c.us',
      '6281234567890@s.whatsapp.net',
      '6281234567890:7@s.whatsapp.net',
      'whatsapp:+6281234567890',
      '\u202a+62\u00a0812\u20133456\u20137890\u202c',
      '６２８１２３４５６７８９０',
      '٦٢٨١٢٣٤٥٦٧٨٩٠',
    ];
    for (const one of spelled)
      expect(only(fromBot(meta.botEvent({ user_id: `wa_${one}` }))), one).to.include({
        userId: `wa_${meta.CUSTOMER}`,
        phone: `+${meta.CUSTOMER}`,
      });
  });

  it('a list is several events, each for itself', () => {
    const list = [meta.botEvent(), 'nonsense', meta.botEvent({ message_id: 'wamid.Y' })];
    expect(verdicts(fromBot(list))).to.deep.equal(['message', 'dead invalid_body: body', 'message']);
  });
});
