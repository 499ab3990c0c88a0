import { expect } from 'chai';
import * as meta from '../../support/channels/meta.ts';
import {
  fromMeta,
  fromTelegram,
  inbounds,
  only,
  receivedAt,
  verdicts,
  inboxKey,
} from '../../support/channels/normalizing.ts';

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
        { message_edit: { mid: 'm1', text: 'Halo semua', num_edit: 1 } },
        { message_edit: { mid: 'm1', text: 'Halo semuanya', num_edit: '2' } },
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
      ['edited', '[Diedit] Halo semua', 'm1'],
      ['edited', '[Diedit] Halo semuanya', 'm1'],
    ]);
    expect(found[0]).to.include({
      userId: 'fb_5550001',
      channel: 'facebook',
      division: 'sari',
      sentAt: meta.TIMESTAMP_ISO,
    });
    expect(new Set(found.map(inboxKey)).size).to.equal(found.length);
  });

  it("takes echoes for what they are: our own words, not the customer's", () => {
    expect(verdicts(of({ message: { mid: 'm', text: 'Halo', is_echo: true, app_id: 1 } }))).to.deep.equal([
      'ignored echo',
    ]);
    const fromUs = { sender: { id: 'PAGE_001' }, recipient: { id: '5550001' } };
    const echo = (over: object) => of({ ...fromUs, message: { mid: 'm', text: 'Dijawab di Meta', ...over } });
    expect(verdicts(echo({ is_echo: true, app_id: 77 }))).to.deep.equal(['ignored echo']);
    // A colleague in Meta's inbox, with or without its app, and also where the mark is missing.
    for (const over of [{ is_echo: 'true' }, { is_echo: true, app_id: 263902037430900 }, {}])
      expect(only(echo(over))).to.include({
        kind: 'said_elsewhere',
        userId: 'fb_5550001',
        content: 'Dijawab di Meta',
        by: 'inbox',
      });
    const self = { ...fromUs, recipient: { id: 'PAGE_001' }, message: { mid: 'm', text: 'catatan' } };
    expect(verdicts(of(self))).to.deep.equal(['ignored own_account']);
  });

  it('reads what was taken back, stories, advertisements and the other form of the same events', () => {
    const found = inbounds(
      of(
        { message: { mid: 'm1', is_deleted: 'true' } },
        { message: { mid: 'm2', text: 'Berapa?', reply_to: { story: { url: 'https://x/story', id: '4' } } } },
        {
          message: {
            mid: 'm3',
            text: 'Hai',
            referral: { ad_id: '9', ads_context_data: { ad_title: 'Promo' } },
          },
        },
      ),
    );
    expect(found.map((one) => one.kind === 'message' && [one.contentKind, one.replyTo])).to.deep.equal([
      ['deleted', 'm1'],
      ['text', null],
      ['text', null],
    ]);
    expect(found[1]).to.deep.include({ parts: { story: { url: 'https://x/story' } } });
    expect(found[2]).to.have.nested.property('parts.referral.headline', 'Promo');
    const value = meta.messengerEvent({
      timestamp: meta.TIMESTAMP,
      message: { mid: 'c1', text: 'lewat changes' },
    });
    const changes = [{ field: 'messages', value }];
    const body = { object: 'instagram', entry: [{ id: 'IG_003', time: 1, changes }] };
    expect(only(fromMeta(body))).to.include({ content: 'lewat changes', sentAt: meta.TIMESTAMP_ISO });
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
    [{ dice: { emoji: '🎲', value: 3 } }, 'dice', '[Dadu] 🎲, 3'],
    [
      { poll: { question: 'Kapan diambil?', options: [{ text: 'Senin' }, { text: 'Selasa' }] } },
      'poll',
      '[Jajak pendapat] Kapan diambil? (Senin / Selasa)',
    ],
    [{ game: { title: 'Catur' } }, 'game', '[Permainan] Catur'],
    [{ story: { id: 3 } }, 'story', '[Story dibagikan]'],
    [{ of_2027: {} }, 'unsupported', '[Jenis pesan ini belum didukung]'],
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
    expect(inboxKey(edit)).not.to.equal(
      inboxKey(only(fromTelegram(meta.telegramUpdate({}, { text: 'Halo' })))),
    );
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
