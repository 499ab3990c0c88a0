/** The small aggregates: where they live, and how they fold. */
import { expect } from 'chai';
import { access, SAME_READ_MS, RECORDED_OR_REFUSED } from '../../src/domain/audit/access.ts';
import { erasures, ERASURES_ID } from '../../src/domain/erasure/erasures.ts';
import { followUpId, followUpNight } from '../../src/domain/follow-ups/follow-up-night.ts';
import { attachmentId, decideMedia, hasFile, media } from '../../src/domain/media/media.ts';
import { projectionStream } from '../../src/domain/projection-events.ts';
import { divisionAggregate } from '../../src/domain/settings/division.ts';
import { CATALOGUE_ID, tagCatalogue } from '../../src/domain/settings/tag-catalogue.ts';
import { erasedAttachment } from '../../src/domain/vocabulary.ts';
import { fold } from '../support/scenarios/given.ts';
import { uuidOf } from '../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../support/scenarios/ticket-events.ts';

describe('streams', () => {
  it('have the names under which they are stored', () => {
    expect([
      access.stream('k'),
      erasures.stream(ERASURES_ID),
      followUpNight.stream(followUpId('sari', '2026-07-03')),
      media.stream(TICKET),
      divisionAggregate.stream('sari'),
      tagCatalogue.stream(CATALOGUE_ID),
      projectionStream('inbox'),
    ]).to.deep.equal([
      'access-k',
      'erasures-list',
      'followup-sari-2026-07-03',
      `media-${TICKET}`,
      'division-sari',
      'catalogue-tags',
      'projection-inbox',
    ]);
    expect(
      [access, erasures, followUpNight, media, divisionAggregate, tagCatalogue].map(
        ({ category }) => category,
      ),
    ).to.deep.equal(['access', 'erasures', 'followup', 'media', 'division', 'catalogue']);
  });
});

describe('the small aggregates as their events leave them', () => {
  it('access: nothing is decided on it', () => {
    expect(access.evolve(null, {} as never)).to.equal(null);
    expect(access.tail).to.equal(1);
    expect([...RECORDED_OR_REFUSED]).to.deep.equal([
      'internal_messages',
      'search',
      'history',
      'dead_letters',
      'export',
      'audit_log',
      'admin_audit',
      'access_log',
      'line',
    ]);
    expect(SAME_READ_MS).to.equal(900_000);
  });
  it('erasures: every customer on the list', () => {
    const listed = (customerId: string) => ({
      type: 'ErasureListed' as const,
      data: { customerId, customerKey: 'k', division: 'sari' as const, ticketIds: [], orderingKey: 'o' },
    });
    expect([...fold(erasures, [listed(CUSTOMER), listed(uuidOf(2))]).customers]).to.deep.equal([
      CUSTOMER,
      uuidOf(2),
    ]);
  });
  it('a follow-up night: what was recommended, and that it is over', () => {
    const night = { division: 'sari', night: '2026-07-03' } as const;
    const lead = (n: number) => ({ ticketId: uuidOf(n), category: 'PANAS' as const, rule: 'r', reason: 'x' });
    const state = fold(followUpNight, [
      { type: 'FollowUpsRecommended', data: { ...night, leads: [lead(1)] } },
      { type: 'FollowUpsRecommended', data: { ...night, leads: [lead(2)] } },
      { type: 'FollowUpNightCompleted', data: { ...night, count: 2 } },
    ]);
    expect([...state.recommended]).to.deep.equal([uuidOf(1), uuidOf(2)]);
    expect(state.completed).to.equal(true);
    expect(followUpNight.initial.completed).to.equal(false);
  });
  it('media: which attachments of a message have an end', () => {
    const about = { ticketId: TICKET, division: 'sari', messageId: TICKET } as const;
    expect(
      fold(media, [
        { type: 'AttachmentStored', data: { ...about, index: 1, mimeType: 'x', size: 1, sha256: 's' } },
        { type: 'AttachmentRefused', data: { ...about, index: 0, reason: 'gone' } },
        { type: 'AttachmentDeferred', data: { ...about, index: 2, reason: 'quota' } },
      ]),
    ).to.deep.equal({ settled: [1, 0], deferred: [{ index: 2, reason: 'quota' }] });
    expect(attachmentId(TICKET, 2)).to.equal(`${TICKET}-2`);
  });
  it('media: an outcome is recorded once, and a file is put off once', () => {
    const file = { ticketId: TICKET, division: 'sari', messageId: TICKET, index: 0 } as const;
    const deferred = { type: 'AttachmentDeferred', data: { ...file, reason: 'quota' } } as const;
    const stored = {
      type: 'AttachmentStored',
      data: { ...file, mimeType: 'x', size: 1, sha256: 's' },
    } as const;
    const nothing = fold(media, []);
    expect(decideMedia(nothing, deferred)).to.deep.equal([deferred]);
    expect(decideMedia(fold(media, [deferred]), deferred)).to.deep.equal([]);
    expect(decideMedia(fold(media, [deferred]), stored)).to.deep.equal([stored]);
    const scan = { type: 'AttachmentDeferred', data: { ...file, reason: 'scan' } } as const;
    expect(decideMedia(fold(media, [deferred]), scan), 'for another reason').to.deep.equal([scan]);
    expect(decideMedia(fold(media, [deferred, scan]), scan)).to.deep.equal([]);
    for (const late of [deferred, scan, stored])
      expect(decideMedia(fold(media, [deferred, stored]), late)).to.deep.equal([]);
  });
  it('a division: its hours, Monday to Friday until they are set', () => {
    expect(divisionAggregate.initial.hours).to.deep.equal(
      [1, 2, 3, 4, 5].map((dayOfWeek) => ({ dayOfWeek, opens: '08:00', closes: '17:00', isActive: true })),
    );
    expect(
      fold(divisionAggregate, [{ type: 'OfficeHoursSet', data: { division: 'sari', hours: [] } }]),
    ).to.deep.equal({ hours: [] });
  });
  it('tags: by their names, however they are written', () => {
    const defined = (name: string) =>
      ({ type: 'TagDefined', data: { tagId: TICKET, name, color: '#fff', kind: 'custom' } }) as const;
    const changed = { type: 'TagChanged', data: { tagId: TICKET, name: 'B2B', color: '#000' } } as const;
    const tag = fold(tagCatalogue, [defined('VIP'), changed]).byKey.get('b2b');
    expect(tag).to.deep.equal({ id: TICKET, name: 'B2B', color: '#000', kind: 'custom' });
    const deleted = { type: 'TagDeleted', data: { tagId: TICKET } } as const;
    expect(fold(tagCatalogue, [defined('VIP'), deleted, changed]).byKey.size).to.equal(0);
  });
});

describe('an attachment', () => {
  const image = { kind: 'image', mediaId: 'm', mimeType: 'image/png', fileName: 'ktp.png' } as const;
  it('has a file where the channel has an id for it', () => {
    expect(hasFile(image)).to.equal(true);
    expect(hasFile({ ...image, mediaId: null })).to.equal(false);
    expect(hasFile({ ...image, mediaId: '' })).to.equal(false);
  });
  it('of an erased customer keeps its kind only', () =>
    expect(erasedAttachment(image)).to.deep.equal({
      kind: 'image',
      mediaId: null,
      mimeType: null,
      fileName: null,
    }));
});
