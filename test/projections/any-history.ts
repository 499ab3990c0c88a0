/**
 * A history of everything that can happen, in odd orders: each stream tells a story in its own order, and the streams
 * are shuffled into each other without regard to what causes what. Built on the stored examples of every event type.
 */
import { readFileSync } from 'node:fs';
import { EVENTS, type Recorded } from '../../src/domain/codec.ts';
import { CRM_STAGES as STAGES, DIVISIONS, QUEUE_LABELS as LABELS } from '../../src/domain/vocabulary.ts';
import { uuid } from './analytics/history.ts';
import { type Data, type Line, line, staffStories } from './any-staff.ts';
import { capacityStories } from './capacity/any-capacity.ts';
import { CUSTOMERS, OFFERS, PLAIN, SEEN_BY_NO_VIEW, TICKETS, USERS } from './any-cast.ts';
import { chancesOf } from './chance.ts';
import { invoiceStories } from './invoices/any-invoices.ts';
import { jobStories } from './field-jobs/any-jobs.ts';
import { catalogueStories } from './settings/any-catalogue.ts';

const EXAMPLES = JSON.parse(readFileSync('test/domain/stored/events.json', 'utf8')) as Readonly<
  Record<string, Record<string, unknown>>
>;
const BEGIN = Date.parse('2026-07-03T01:00:00Z');
/** @returns the events in the order in which they are committed */
export function anyHistory(seed: number): readonly Recorded[] {
  const chances = chancesOf(seed);
  const { upTo, pick, chance, times, shuffled, merged } = chances;
  const somewhen = (): string => new Date(BEGIN + upTo(5 * 86_400) * 1000 + upTo(3)).toISOString();

  const streams = new Map<string, Line[]>();
  const tell = (stream: string, ...lines: readonly Line[]): void => {
    streams.set(stream, [...(streams.get(stream) ?? []), ...lines]);
  };

  for (const [stream, lines] of staffStories(USERS, chances)) tell(stream, ...lines);
  for (const [stream, lines] of invoiceStories(CUSTOMERS, USERS, chances)) tell(stream, ...lines);
  for (const [stream, lines] of capacityStories(USERS, chances)) tell(stream, ...lines);
  for (const [stream, lines] of catalogueStories(chances)) tell(stream, ...lines);
  for (const [stream, lines] of jobStories(USERS, TICKETS, chances)) tell(stream, ...lines);

  const wamid = (blast: number, ticketId: string): string => `wamid.${String(blast)}.${ticketId.slice(-2)}`;
  const posted = (blast: number, ticketId: string): string =>
    uuid(5, blast * 100 + Number(ticketId.slice(-2)));
  for (const ticket of TICKETS) {
    const { ticketId, division, customerId, customerKey } = ticket;
    const about = { ticketId, division };
    let agentId: string | null = null;
    const held = (): string => (agentId = pick(USERS));
    const steps: (() => Line)[] = [
      () => line('TicketTakenOver', { ...about, agentId: held(), agentDivision: pick(DIVISIONS) }),
      () => line('TicketAssigned', { ...about, agentId: held(), agentDivision: pick(DIVISIONS) }),
      () =>
        line('TicketReassigned', {
          ...about,
          fromAgent: agentId ?? pick(USERS),
          toAgent: held(),
          toDivision: pick(DIVISIONS),
        }),
      () => (
        (agentId = null),
        line('TicketQueued', { ...about, label: pick(LABELS), waitingFor: pick([null, ...USERS]) })
      ),
      () => line('TicketWithdrawn', { ...about, because: ((agentId = null), pick([undefined, 'moved'])) }),
      () => line('TicketReleased', { ...about, to: ((agentId = null), pick(['queue', 'bot'])) }),
      () => line('TicketClosed', { ...about, outcome: pick(['closed', 'bot_resolved', 'joined']) }),
      () => line('TicketCustomerChanged', { ...about, customerId, customerKey }),
      () => line('TicketReopened', { ...about, agentId: (agentId = chance(0.5) ? null : agentId) }),
      () => line('TicketTagged', { ...about, tag: pick(['vip', 'vip\u0000', 'b', 'c']) }),
      () => line('TicketUntagged', { ...about, tag: pick(['vip', 'b']) }),
      ...PLAIN.map((type) => () => line(type, about)),
      () =>
        line('CrmUpdated', {
          ...about,
          source: pick(['bot', 'agent']),
          changes: [
            { field: 'crm_stage', from: 'Lead', to: pick(STAGES) },
            { field: 'deal_value', from: null, to: pick([null, 5_000, 7_000]) },
            { field: 'lost_reason', from: null, to: pick([null, 'price']) },
            { field: 'origin_city', from: null, to: pick([null, 'Batam', 'Medan']) },
            { field: 'destination_city', from: null, to: 'Jakarta' },
          ],
          words: [{ field: 'competitor_mentioned', from: null, to: 'x\u0000y' }],
          at: somewhen(),
        }),
    ];
    tell(
      `ticket-${ticketId}`,
      line('TicketOpened', {
        ...{ ...about, customerId, customerKey, customerName: 'Budi Rahasia' },
        // Of the web chat, every second one.
        ...(Number(ticketId.slice(-1)) % 2 === 0 && { channel: 'web' }),
      }),
    );
    tell(`ticket-${ticketId}`, ...times(12, () => pick(steps)()), ...shuffled(steps).map((make) => make()));
    // Some deal is lost for certain.
    if (ticket === TICKETS[0])
      tell(
        `ticket-${ticketId}`,
        line('CrmUpdated', {
          ...{ ...about, source: 'agent', words: [], at: somewhen() },
          changes: [
            { field: 'crm_stage', from: 'Lead', to: 'Lost' },
            { field: 'lost_reason', from: null, to: 'price' },
          ],
        }),
      );

    const messages = times(4, (n) => uuid(4, Number(ticketId.slice(-2)) * 100 + n));
    const channelIds = [...times(4, (blast) => wamid(blast, ticketId)), `b${ticketId}`];
    const message = (messageId = uuid(4, 10_000 + upTo(1e9))): Data => ({
      ...about,
      messageId,
      sentAt: somewhen(),
    });
    const received = (messageId?: string): Line =>
      line('MessageReceived', {
        ...message(messageId),
        kind: pick(['text', 'system']),
        channelMessageId: null,
        ...pick([{}, { line: 'a', templatesBy: 'none' }, { line: 'b', templatesBy: 'content_sid' }]),
        replyTo: chance(0.3) ? pick(channelIds) : null,
        attachments: [{ kind: 'image', mediaId: 'm', mimeType: 'image/png', fileName: 'Budi.png' }],
        parts: pick([
          undefined,
          { location: { latitude: 1, longitude: 2, name: 'Rumah Budi', address: null } },
        ]),
      });
    const file = {
      ...{ kind: 'document', mediaId: uuid(9, 1), mimeType: 'application/pdf', fileName: 'Budi.pdf' },
      ...{ size: 7, caption: 'untuk Budi' },
    };
    const withFile = { attachments: [file], replyTo: messages[0], quoteRef: 'wamid', clientRef: 'tab-1' };
    const reported = (): Line => {
      const blast = upTo(4);
      const [messageId, channelMessageId] = chance(0.6)
        ? [posted(blast, ticketId), wamid(blast, ticketId)]
        : [pick(messages), `c${String(upTo(3))}`];
      return line('DeliveryReported', {
        ...about,
        messageId: chance(0.5) ? messageId : undefined,
        channelMessageId,
        status: pick(['sent', 'failed', 'delivered', 'read']),
        error: pick([null, '131026 gagal', '131047 lagi']),
        reportedAt: somewhen(),
      });
    };
    const talk = [
      ...messages.slice(0, 2).map((id) => received(id)),
      ...times(4, () => received()),
      line('BotReplied', { ...message(messages[2]), channelMessageId: `b${ticketId}` }),
      ...(
        ['RepliedElsewhere', 'QueueNoticePosted', 'RegistrationReplyPosted', 'TranscriptLinkPosted'] as const
      ).map((type) => line(type, message())),
      ...times(3, () => line('AgentReplied', { ...message(), agentId: pick(USERS) })),
      line('AgentReplied', { ...message(messages[3]), agentId: pick(USERS), followUp: undefined }),
      line('AgentReplied', { ...message(), agentId: pick(USERS), ...withFile }),
      line('TeamReplied', { ...message(), senderId: pick(USERS), notifiedAgentId: pick(USERS) }),
      line('BlastMessagePosted', { ...message(), blastId: uuid(6, upTo(4)), senderId: pick(USERS) }),
      ...times(14, reported),
    ];
    tell(`conversation-${ticketId}`, ...shuffled(talk));
    tell(
      `reading-${ticketId}`,
      ...times(4, () => line('TicketRead', { ...about, userId: pick(USERS), seen: 1 + upTo(5) })),
    );
    tell(
      `internal-${ticketId}`,
      line('InternalNotePosted', {
        ...about,
        noteId: uuid(7, Number(ticketId.slice(-2))),
        taggedAgentId: pick(USERS),
      }),
    );
    for (const messageId of messages) {
      const sent = { ...about, messageId };
      tell(
        `delivery-${messageId}`,
        ...shuffled([
          line('DeliveryAttempted', sent),
          line('DeliveryDeferred', { ...sent, retryAt: somewhen() }),
          line('DeliveryLeftUnknown', sent),
          line('DeliveryFailed', { ...sent, code: String(upTo(9)) }),
          line('DeliveryAccepted', { ...sent, channelMessageId: `c${String(upTo(3))}` }),
          line('DeliveryAccepted', { ...sent, channelMessageId: `c${String(upTo(3))}` }),
        ]),
      );
      const file = { ...about, messageId, index: 0 };
      tell(
        `media-${messageId}`,
        line('AttachmentStored', { ...file, mimeType: 'image/png', size: upTo(99) }),
        line('AttachmentStored', { ...file, mimeType: 'image/webp', size: upTo(99) }),
        ...(['AttachmentRefused', 'AttachmentDeferred'] as const).map((type) => line(type, file)),
      );
    }
  }

  times(4, (blast) => {
    const blastId = uuid(6, blast);
    const recipients = shuffled(TICKETS)
      .slice(0, 5)
      .map(({ ticketId, division, customerId }) => ({
        ticketId,
        division,
        customerId,
        category: pick(['PANAS', 'NONE']),
      }));
    const stories = recipients.map(({ ticketId, division, customerId }) => {
      const elsewhere = (): string | null =>
        chance(0.5) ? null : pick(TICKETS.filter((one) => one.customerId === customerId)).ticketId;
      const one = { blastId, ticketId, division };
      const sent = { ...one, messageId: posted(blast, ticketId) };
      const tried = (attempt: number): Line =>
        line('BlastRecipientAttempted', { ...sent, attempt, answersTo: elsewhere() });
      return [
        tried(1),
        line('BlastRecipientDeferred', { ...sent, code: String(upTo(9)) }),
        tried(2),
        pick([
          line('BlastRecipientAccepted', { ...sent, channelMessageId: wamid(blast, ticketId) }),
          line('BlastRecipientAccepted', { ...sent, channelMessageId: wamid(blast, ticketId) }),
          line('BlastRecipientFailed', { ...sent, code: '131' }),
          line('BlastRecipientUnknown', { ...sent, reason: 'crash' }),
          line('BlastRecipientSkipped', { ...one, reason: 'opted_out' }),
        ]),
      ];
    });
    const stops = [line('BlastPaused', { blastId, recipients: [] }), line('BlastResumed', { blastId })];
    tell(
      `blast-${blastId}`,
      line('BlastCreated', { blastId, creatorId: pick(USERS), recipients, approvers: USERS }),
      line('BlastApproved', { blastId, creatorId: pick(USERS) }),
      ...merged([...stories, stops]),
      ...(blast === 0 ? [line('BlastPaused', { blastId, recipients: [] })] : []),
      line(blast < 2 ? 'BlastCancelled' : 'BlastDone', { blastId }),
    );
    const rejected = uuid(6, 100 + blast);
    tell(
      `blast-${rejected}`,
      line('BlastCreated', { blastId: rejected, creatorId: pick(USERS), recipients: recipients.slice(0, 2) }),
      line('BlastRejected', { blastId: rejected, creatorId: pick(USERS) }),
    );
    const exportId = uuid(8, blast);
    tell(
      `export-${exportId}`,
      line('ExportRequested', { exportId, requestedBy: pick(USERS) }),
      line('ExportStarted', { exportId }),
      line('ExportProgressed', { exportId, progressPct: 40 }),
      line('ExportStarted', { exportId, attempt: 2 }),
      line('ExportProgressed', { exportId, progressPct: 20 }),
      pick([line('ExportCompleted', { exportId }), line('ExportFailed', { exportId })]),
      line('ExportCompleted', { exportId }),
      line('ExportDownloaded', { exportId }),
      ...(chance(0.5) ? [line('ExportExpired', { exportId })] : []),
    );
  });
  // One that ends well, whatever chance makes of the others.
  const plain = { ...TICKETS[0], ticketId: uuid(3, 99) };
  const lead = { ...plain, agentId: USERS[0], agentDivision: plain.division };
  tell(
    `ticket-${plain.ticketId}`,
    line('TicketOpened', plain),
    line('TicketTakenOver', lead),
    line('TicketClosed', { ...plain, outcome: 'closed' }),
  );
  const failed = { exportId: uuid(8, 99) };
  tell(
    `export-${failed.exportId}`,
    line('ExportRequested', failed),
    line('ExportFailed', failed),
    line('ExportExpired', failed),
  );
  tell(`exportqueue-${USERS[0]!}`, line('ExportQueued', { userId: USERS[0]!, ...failed }));
  for (const { customerId, customerKey, division } of CUSTOMERS) {
    const ticketIds = TICKETS.filter((one) => one.customerId === customerId).map((one) => one.ticketId);
    tell(
      `customer-${customerKey}`,
      line('CustomerRegistered', { customerId, customerKey, division }),
      line('CustomerTicketStarted', { customerId, ticketId: ticketIds[0] }),
      line('CustomerContactChanged', { customerId }),
      ...OFFERS.slice(0, 1 + upTo(2)).map((type) => line(type, { customerId })),
      line('CustomerTicketResumed', { customerId, ticketId: ticketIds[0] }),
      line('ConsentGiven', { customerId }),
      line('ConsentWithdrawn', { customerId }),
      ...(['CustomerArchived', 'CustomerUnarchived', 'CustomerSelfRegistered'] as const).map((type) =>
        line(type, { customerId }),
      ),
      line('CustomerEdited', { customerId, ...pick([{ name: 'Pak Budi' }, { email: null, notes: 'x' }]) }),
      ...(chance(0.7) ? [line('CustomerErased', { customerId, customerKey, division, ticketIds })] : []),
    );
  }
  // The third is of the division of the first, and turns out to be them.
  const [older, , younger] = CUSTOMERS;
  if (older && younger)
    tell(
      'customer-merged',
      line('CustomerMerged', {
        customerId: younger.customerId,
        into: older.customerId,
        intoKey: older.customerKey,
      }),
      line('CustomerAbsorbed', {
        customerId: older.customerId,
        division: older.division,
        absorbed: { customerId: younger.customerId, customerKey: younger.customerKey },
        ticketIds: [],
        currentTicketId: TICKETS[0]?.ticketId,
      }),
    );
  for (const [n, division] of DIVISIONS.entries()) {
    const hours = [1, 2, 3, 4, 5].map((dayOfWeek) => ({
      dayOfWeek,
      opens: '08:00',
      closes: n === 0 ? '17:00' : '20:30',
      isActive: true,
    }));
    tell(
      `division-${division}`,
      ...times(3, () => line('OfficeHoursSet', { division, hours: hours.slice(upTo(4)) })),
    );
    tell('channelcosts-all', line('ChannelCostSet', { amount: upTo(1_000_000) }));
    tell(`faq-${division}`, ...times(2, (n) => line('FaqPublished', { division, version: n + 1 })));
    const ours = TICKETS.filter((one) => one.division === division);
    const nights = ['2026-07-03', '2026-07-04', '2026-07-03', '2026-07-05'].flatMap((night, at) => [
      ...(ours.length === 0
        ? []
        : [
            line('FollowUpsRecommended', {
              division,
              night,
              leads: (at === 2 ? ours.slice(0, 1) : ours).map(({ ticketId }) => ({
                ticketId,
                category: pick(['PANAS', 'DINGIN']),
                rule: 'r',
                reason: 'w',
              })),
            }),
          ]),
      line('FollowUpNightCompleted', { division, night, count: ours.length }),
    ]);
    tell(`followup-${division}`, ...nights);
  }
  const watched = (): Data => {
    const { ticketId, division } = pick(TICKETS);
    return { ticketId, division, agentId: pick(USERS), episode: `e${String(upTo(9))}` };
  };
  tell(
    'alerts-queue',
    ...times(4, () =>
      line('QueueAlertRaised', { minutes: 5, tickets: [watched(), watched()], recipients: USERS.slice(2) }),
    ),
    line('TicketsReturned', { recipients: USERS.slice(1) }),
    line('StreamParked', { recipients: USERS }),
    line('ParkedStreamFreed', (before) => ({ noticeId: before.at(-1)?.id })),
    ...times(4, () =>
      line('IdleTicketsFound', { hours: 4, tickets: [watched(), watched()], leads: USERS.slice(0, 2) }),
    ),
  );
  tell(
    'role-viewer',
    ...times(3, (n) => line('RolePrivilegesSet', { privileges: ['audit_read', 'manage_tags'].slice(n) })),
  );
  tell('projection-inbox', line('ProjectionEventSkipped'));
  for (const type of SEEN_BY_NO_VIEW) tell('unseen', line(type));

  const events: Recorded[] = [];
  let at = BEGIN;
  for (const [stream, { type, data }] of merged(
    [...streams].map(([name, lines]) => lines.map((one) => [name, one] as const)),
  )) {
    // Several in one moment, and clocks that go back a little.
    at += chance(0.3) ? 0 : upTo(400_000) - 20_000;
    const id = uuid(90, events.length);
    const actor = chance(0.5)
      ? { kind: 'user', id: pick(USERS), role: 'team_lead', division: 'sari' }
      : { kind: 'system', process: 'test' };
    const caused = { correlationId: id, causationId: id, requestId: id };
    const around = { actor, ...caused, at: new Date(at).toISOString() };
    const { version, data: schema } = EVENTS.get(type)!;
    events.push({
      type,
      data: schema.parse({
        ...EXAMPLES[`${type}.v${String(version)}`],
        ...(typeof data === 'function' ? data(events) : data),
      }),
      id,
      stream,
      revision: 0n,
      position: String(events.length + 1).padStart(20, '0'),
      metadata: { ...around, schemaVersion: version },
    } as unknown as Recorded);
  }
  return events;
}
