import { expect } from 'chai';
import fc from 'fast-check';
import type { NormalizedItem } from '../../../src/channels/reading.ts';
import * as meta from '../../support/channels/meta.ts';
import {
  fromMeta,
  inbounds,
  only,
  BOTS,
  META,
  partsOf,
  TELEGRAM,
  verdicts,
} from '../../support/channels/normalizing.ts';

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
      line: 'PHONE_ID_001',
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

  it('takes an edit, a message taken back and a reaction as said of another message', () => {
    const shown = (over: object) => {
      const found = only(fromMeta(meta.waText('wamid.2', { text: undefined, ...over })));
      return found.kind === 'message' && [found.contentKind, found.content, found.replyTo, found.attachments];
    };
    const original_message_id = 'wamid.1';
    const image = { type: 'image', image: { id: 'M1', mime_type: 'image/jpeg', caption: 'STNK baru' } };
    const text = { type: 'text', text: { body: 'ke Medan' }, context: { id: 'wamid.0' } };
    expect(shown({ type: 'edit', edit: { original_message_id, message: text } })).to.deep.equal([
      'edited',
      '[Diedit] ke Medan',
      'wamid.1',
      [],
    ]);
    expect(shown({ type: 'edit', edit: { original_message_id, message: image } })).to.deep.equal([
      'edited',
      '[Diedit] [Gambar] STNK baru',
      'wamid.1',
      [],
    ]);
    expect(shown({ type: 'revoke', revoke: { original_message_id } })).to.deep.equal([
      'deleted',
      '[Pesan dihapus oleh pelanggan]',
      'wamid.1',
      [],
    ]);
    expect(shown({ type: 'reaction', reaction: { message_id: 'wamid.1', emoji: '👍' } })).to.deep.equal([
      'reaction',
      '[Reaksi] 👍',
      'wamid.1',
      [],
    ]);
    const endless = { type: 'edit', edit: { original_message_id, message: { type: 'edit' } } };
    expect(shown(endless)).to.deep.equal([
      'edited',
      '[Diedit] [Jenis pesan ini belum didukung]',
      'wamid.1',
      [],
    ]);
  });

  it('hears from WhatsApp that a customer wants no more offers', () => {
    const preference = (over: object, phone_number_id = 'PHONE_ID_001') =>
      fromMeta(
        meta.waBody({
          field: 'user_preferences',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '622150001001', phone_number_id },
            contacts: [meta.waContact()],
            user_preferences: [
              {
                wa_id: meta.CUSTOMER,
                detail: 'User requested to stop marketing messages',
                category: 'marketing_messages',
                value: 'stop',
                timestamp: Number(meta.TIMESTAMP),
                ...over,
              },
            ],
          },
        }),
      );
    expect(only(preference({}))).to.include({
      kind: 'opted_out',
      division: 'sari',
      userId: `wa_${meta.CUSTOMER}`,
      sentAt: meta.TIMESTAMP_ISO,
    });
    expect(only(preference({ wa_id: undefined, user_id: 'ID.77' }))).to.include({ userId: 'wa_ID.77' });
    expect(verdicts(preference({ value: 'resume' }))).to.deep.equal(['ignored user_preference']);
    expect(verdicts(preference({ wa_id: {} }))).to.deep.equal(['dead no_sender']);
    expect(verdicts(preference({ wa_id: undefined }))).to.deep.equal(['dead no_sender']);
    expect(verdicts(preference({}, 'SOMEBODY_ELSE'))).to.deep.equal(['dead unknown_phone_number_id']);
  });

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
    const verdictAndDivision = (parts: readonly NormalizedItem[]) =>
      parts.map((part) =>
        part.kind !== 'inbound'
          ? part.reason
          : 'division' in part.inbound
            ? part.inbound.division
            : part.inbound.kind,
      );
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
      'message',
      'message',
      'dead unknown_status',
      'status',
      'dead nothing_in_it',
      'ignored field_message_template_status_update',
      'dead unknown_field',
      'message',
    ]);
    const ids = inbounds(parts).map((one) => 'channelMessageId' in one && one.channelMessageId);
    expect(ids).to.deep.equal(['a', 'b', 'c', 'w', 'd']);
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
        const isMeta = typeof body === 'object' && body !== null && 'object' in body;
        for (const sender of [isMeta ? META : BOTS, TELEGRAM]) {
          const parts = partsOf(body, sender);
          expect(parts).not.to.be.empty;
          inbounds(parts);
        }
      }),
      { numRuns: 500 },
    );
  });
});
