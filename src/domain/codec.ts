/** Between domain events and stored bytes: the one place that encodes, decodes and upcasts. */
import { z } from 'zod';
import type { EventMetadata, NewEvent, Position, StoredEvent } from '../ports.ts';
import { accessEvents, type AccessEvent } from './audit/access.ts';
import { channelCostEvents, type ChannelCostEvent } from './analytics/channel-costs.ts';
import { blastEvents, type BlastEvent } from './blasts/blast.ts';
import { faqEvents, type FaqEvent } from './chat/faq.ts';
import { agendaEvents, type AgendaEvent } from './capacity/agenda.ts';
import { capacityDayEvents, type CapacityDayEvent } from './capacity/capacity-day.ts';
import { technicianEvents, type TechnicianEvent } from './capacity/technician.ts';
import { handoffCodeEvents, type HandoffCodeEvent } from './chat/handoff-code.ts';
import { conversationEvents, type ConversationEvent } from './conversation/conversation.ts';
import {
  customerEvents,
  type CustomerEvent,
  identityEvents,
  type IdentityEvent,
} from './customers/customer.ts';
import { deliveryEvents, type DeliveryEvent } from './outbound/delivery.ts';
import { divisionEvents, type DivisionEvent } from './settings/division.ts';
import { erasureEvents, type ErasureEvent } from './erasure/erasures.ts';
import type { EventDefinition } from './event.ts';
import { exportEvents, type ExportEvent } from './exports/export.ts';
import { exportQueueEvents, type ExportQueueEvent } from './exports/export-queue.ts';
import { followUpEvents, type FollowUpEvent } from './follow-ups/follow-up-night.ts';
import { invoiceEvents, type InvoiceEvent } from './invoices/invoice.ts';
import { invoiceNumberEvents, type InvoiceNumberEvent } from './invoices/invoice-numbers.ts';
import { ratingEvents, type RatingEvent } from './ratings/rating.ts';
import { internalEvents, type InternalEvent } from './conversation/internal-notes.ts';
import { mediaEvents, type MediaEvent } from './media/media.ts';
import { uploadEvents, type UploadEvent } from './media/upload.ts';
import { notificationEvents, type NotificationEvent } from './notifications/notification.ts';
import { preferenceEvents, type PreferenceEvent } from './notifications/preferences.ts';
import { parkedNoticeEvents, type ParkedNoticeEvent } from './notifications/parked-notice.ts';
import { jobEvents, type JobEvent } from './field-jobs/job-events.ts';
import { projectionEvents, type ProjectionEvent } from './projection-events.ts';
import { readingEvents, type ReadingEvent } from './conversation/reading.ts';
import { roleEvents, type RoleEvent } from './staff/role.ts';
import { staffEvents, type StaffEvent } from './staff/staff.ts';
import { telegramCodeEvents, type TelegramCodeEvent } from './staff/telegram-code.ts';
import { quickReplyEvents, type QuickReplyEvent } from './settings/quick-replies.ts';
import { catalogueEvents, type CatalogueEvent } from './settings/tag-catalogue.ts';
import { templateEvents, type TemplateEvent } from './blasts/template.ts';
import { ticketEvents, type TicketEvent } from './tickets/ticket.ts';
import { userEvents, type UserEvent } from './staff/user.ts';

export type DomainEvent =
  | TicketEvent
  | ConversationEvent
  | DeliveryEvent
  | MediaEvent
  | UploadEvent
  | InternalEvent
  | ReadingEvent
  | NotificationEvent
  | ParkedNoticeEvent
  | PreferenceEvent
  | CustomerEvent
  | IdentityEvent
  | ErasureEvent
  | UserEvent
  | StaffEvent
  | RoleEvent
  | FollowUpEvent
  | CatalogueEvent
  | QuickReplyEvent
  | ChannelCostEvent
  | TemplateEvent
  | BlastEvent
  | ExportEvent
  | ExportQueueEvent
  | AccessEvent
  | DivisionEvent
  | FaqEvent
  | HandoffCodeEvent
  | InvoiceEvent
  | InvoiceNumberEvent
  | RatingEvent
  | TelegramCodeEvent
  | JobEvent
  | CapacityDayEvent
  | AgendaEvent
  | TechnicianEvent
  | ProjectionEvent;

/** A decoded event with everything around it that a view or an auditor needs. */
export type Recorded<E extends DomainEvent = DomainEvent> = E & {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  readonly metadata: EventMetadata;
};
/** A stored event of one type, or of several. */
export type RecordedOf<T extends DomainEvent['type']> = Extract<Recorded, { type: T }>;

/** Every event type there is, by name. The event catalogue is generated from this. */
export const EVENTS: ReadonlyMap<string, EventDefinition> = new Map(
  [
    ...ticketEvents,
    ...conversationEvents,
    ...deliveryEvents,
    ...mediaEvents,
    ...uploadEvents,
    ...internalEvents,
    ...readingEvents,
    ...notificationEvents,
    ...parkedNoticeEvents,
    ...preferenceEvents,
    ...customerEvents,
    ...identityEvents,
    ...erasureEvents,
    ...userEvents,
    ...staffEvents,
    ...roleEvents,
    ...followUpEvents,
    ...catalogueEvents,
    ...quickReplyEvents,
    ...channelCostEvents,
    ...templateEvents,
    ...blastEvents,
    ...exportEvents,
    ...exportQueueEvents,
    ...accessEvents,
    ...divisionEvents,
    ...faqEvents,
    ...handoffCodeEvents,
    ...invoiceEvents,
    ...invoiceNumberEvents,
    ...ratingEvents,
    ...telegramCodeEvents,
    ...jobEvents,
    ...capacityDayEvents,
    ...agendaEvents,
    ...technicianEvents,
    ...projectionEvents,
  ].map((definition) => [definition.type, definition as unknown as EventDefinition]),
);

const actor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: z.string(), role: z.string(), division: z.string() }),
  z.object({ kind: z.enum(['customer', 'bot']) }),
  z.object({ kind: z.literal('system'), process: z.string() }),
]);
const metadata = z.object({
  actor,
  correlationId: z.string(),
  causationId: z.string(),
  requestId: z.string(),
  at: z.iso.datetime(),
  schemaVersion: z.int().positive(),
  /** Events from before there were hashes have none. */
  hash: z.string().optional(),
});

/** A stored event that cannot be understood: unknown type, newer version, or data that breaks its schema. */
export class UndecodableEvent extends Error {
  override readonly name: string = 'UndecodableEvent';
  constructor(
    readonly event: Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'type'>,
    /** Without the values: they may be personal. */
    readonly why: string,
  ) {
    super(`${event.type} ${event.stream}@${String(event.revision)}: ${why}`);
  }
}

/**
 * A stream that is not handed out whole: cut by an administrator, or events were removed. What is left of it decides
 * nothing, as with an event that cannot be read (docs/design/reliability.md#whole-streams). Without any event left, the
 * stream's name is in the place of the event's id.
 */
export class StreamNotWhole extends UndecodableEvent {
  override readonly name = 'StreamNotWhole';
  constructor(
    readonly stream: string,
    readonly problem: string,
    event: Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'type'> = {
      id: stream,
      stream,
      revision: -1n,
      type: 'stream',
    },
  ) {
    super(event, problem);
  }
}

/** @returns the event as the store takes it. `id` must be the same when the same decision is retried. */
export function encode(
  event: DomainEvent,
  id: string,
  { actor: by, correlationId, causationId, requestId, at }: Omit<EventMetadata, 'schemaVersion'>,
): NewEvent {
  const schemaVersion = EVENTS.get(event.type)?.version ?? 1;
  return {
    id,
    type: event.type,
    data: event.data,
    metadata: { actor: by, correlationId, causationId, requestId, at, schemaVersion },
  };
}

/**
 * Reads a stored event: upcasts old data to the newest version, then parses it by its schema.
 * @throws UndecodableEvent
 */
export function decode(stored: StoredEvent): Recorded {
  const definition = EVENTS.get(stored.type);
  if (!definition) throw new UndecodableEvent(stored, 'unknown type');
  const around = metadata.safeParse(stored.metadata);
  if (!around.success) throw new UndecodableEvent(stored, `metadata: ${paths(around.error)}`);
  const parsed = definition.data.safeParse(upcast(definition, stored, around.data.schemaVersion));
  if (!parsed.success) throw new UndecodableEvent(stored, `data: ${paths(parsed.error)}`);
  const { id, stream, revision, position, type } = stored;
  return {
    type,
    data: parsed.data,
    id,
    stream,
    revision,
    position,
    metadata: around.data,
  } as unknown as Recorded;
}

/** Who and when, of an event whose type or data cannot be read; null where that cannot be read either. */
export function knownOfMetadata({ metadata: stored }: Pick<StoredEvent, 'metadata'>): {
  readonly actor: EventMetadata['actor'] | null;
  readonly at: string | null;
} {
  const { actor: by, at } = metadata.shape;
  const known = z
    .object({ actor: by.nullable().catch(null), at: at.nullable().catch(null) })
    .safeParse(stored);
  return known.data ?? { actor: null, at: null };
}

function upcast(definition: EventDefinition, stored: StoredEvent, from: number): unknown {
  if (from > definition.version)
    throw new UndecodableEvent(stored, `version ${String(from)} is newer than this program`);
  let data = stored.data as Record<string, unknown>;
  for (let version = from; version < definition.version; version += 1) {
    const step = definition.upcasters[version];
    if (!step) throw new UndecodableEvent(stored, `no upcaster from version ${String(version)}`);
    data = step(data);
  }
  return data;
}

/** Where it went wrong, without the values: they may be personal. */
const paths = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || '(root)'} ${issue.code}`).join(', ');
