/**
 * The closed lists that have a name in the document (docs/design/api.md#clients): who generates a client gets one type for each,
 * and not one for each place. A list that several places have needs a name; `test/http/framework/openapi.test.ts` says which have none.
 */
import { AUDIT_AREA_NAMES } from '../../../projections/audit/admin-entry.ts';
import type { SchemaObject } from 'openapi3-ts/oas31';
import { z } from 'zod';
import { BLAST_CATEGORIES, blastForm } from '../../../domain/blasts/blast.ts';
import { ANSWER_OUTCOMES, CHAT_MODES } from '../../../domain/chat/talk.ts';
import { TEMPLATE_STATES } from '../../../domain/blasts/template.ts';
import { COMMON, LOST_REASONS } from '../../../domain/crm/fields.ts';
import { FORMS } from '../../../domain/crm/forms.ts';
import { EXPORT_KINDS, REPORT_TYPES } from '../../../domain/exports/export.ts';
import { JOB_DOCUMENT_KINDS, JOB_STATUSES } from '../../../domain/field-jobs/job.ts';
import { TAX_SCHEMES } from '../../../domain/field-jobs/services.ts';
import { INVOICE_STATUSES } from '../../../domain/invoices/invoice.ts';
import { CATEGORIES } from '../../../domain/follow-ups/follow-up-rules.ts';
import { NOTIFICATION_KINDS } from '../../../domain/notifications/notification-kinds.ts';
import { PRIVILEGES } from '../../../domain/staff/privileges.ts';
import { GRANULARITIES } from '../../../domain/time/period.ts';
import {
  attachment,
  CHANNELS,
  CRM_STAGES,
  DELIVERY_STATUSES,
  DIVISIONS,
  PRESENCE_REASONS,
  PRESENCES,
  QUEUE_LABELS,
  QUEUE_STATUSES,
  ROLES,
  TICKET_STATUSES,
  userDivision,
} from '../../../domain/vocabulary.ts';
import { LINE_STATES } from '../../../ports.ts';
import { SORTS } from '../../../projections/tickets/inbox-filter.ts';
import { ERRORS } from '../errors.ts';

/** `vehicle_type_motor` -> `VehicleTypeMotor` */
const typeName = (member: string): string =>
  member.replaceAll(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase());

/** The closed lists among the fields of the CRM forms, by field. */
const OF_FORMS = Object.values(FORMS).flatMap(({ fields, groups }) => [
  ...Object.entries(fields),
  ...Object.entries(groups).map(([name, { type }]) => [`${name}_state`, type] as const),
]);

const NAMED: Readonly<Record<string, readonly string[]>> = {
  Division: DIVISIONS,
  UserDivision: userDivision.options,
  Role: ROLES,
  Privilege: PRIVILEGES,
  Presence: PRESENCES,
  PresenceReason: PRESENCE_REASONS,
  Channel: CHANNELS,
  TicketStatus: TICKET_STATUSES,
  QueueStatus: QUEUE_STATUSES,
  QueueLabel: QUEUE_LABELS,
  TaxScheme: TAX_SCHEMES,
  JobStatus: JOB_STATUSES,
  InvoiceStatus: INVOICE_STATUSES,
  JobDocumentKind: JOB_DOCUMENT_KINDS,
  PlaceVerdict: ['in', 'out', 'unsure'],
  Layer: ['L1', 'L2'],
  SenderType: ['customer', 'bot', 'agent', 'sa'],
  DeliveryStatus: DELIVERY_STATUSES,
  AttachmentKind: attachment.shape.kind.options,
  InboxSort: SORTS,
  SortOrder: ['asc', 'desc'],
  LineState: LINE_STATES,
  TagAction: ['add', 'remove'],
  TagType: ['system', 'custom'],
  CrmStage: CRM_STAGES,
  LostReason: LOST_REASONS,
  CustomerType: COMMON.customer_type.options,
  ...Object.fromEntries(
    OF_FORMS.flatMap(([name, type]) =>
      type instanceof z.ZodEnum ? [[typeName(name), type.options.map(String)] as const] : [],
    ),
  ),
  LeadCategory: CATEGORIES,
  BlastCategory: BLAST_CATEGORIES,
  BlastStatus: ['pending', 'approved', 'sending', 'paused', 'rejected', 'cancelled', 'done'],
  MessageForm: blastForm.options,
  TemplateState: TEMPLATE_STATES,
  ExportType: EXPORT_KINDS,
  ReportType: REPORT_TYPES,
  ChatMode: CHAT_MODES,
  AnswerOutcome: ANSWER_OUTCOMES,
  Granularity: GRANULARITIES,
  NotificationKind: NOTIFICATION_KINDS,
  AuditArea: AUDIT_AREA_NAMES,
  TokenTransport: ['body', 'cookie'],
  ErrorCode: Object.keys(ERRORS),
};

const nameOf = new Map(Object.entries(NAMED).map(([name, words]) => [words.join(' '), name]));

/** Members that hold examples of the API's own words, and no schemas. */
const EXAMPLES: ReadonlySet<string> = new Set(['example', 'examples']);

/**
 * Puts a reference in the place of each closed list that has a name, next to what else is said there.
 * @returns the document, and the components that it refers to now
 */
export function withNamedLists<T>(document: T): {
  readonly document: T;
  readonly lists: Readonly<Record<string, SchemaObject>>;
} {
  const lists: Record<string, SchemaObject> = {};
  const replaced = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(replaced);
    if (typeof node !== 'object' || node === null) return node;
    const { type, enum: words, ...rest } = node as { readonly type?: unknown; readonly enum?: unknown };
    const name = type === 'string' && Array.isArray(words) ? nameOf.get(words.join(' ')) : undefined;
    if (name === undefined)
      return Object.fromEntries(
        Object.entries(node).map(([key, value]) => [
          key,
          EXAMPLES.has(key) ? value : replaced(value as unknown),
        ]),
      );
    lists[name] = { type: 'string', enum: words as string[] };
    return { $ref: `#/components/schemas/${name}`, ...rest };
  };
  return { document: replaced(document) as T, lists };
}

/** The closed lists of the document that several places have and that have no name. */
export function unnamedLists(document: unknown): readonly string[] {
  const found = new Map<string, number>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { enum: words } = node as { readonly enum?: unknown };
    if (Array.isArray(words) && words.length > 1)
      found.set(words.join(' '), (found.get(words.join(' ')) ?? 0) + 1);
    for (const [key, value] of Object.entries(node)) if (!EXAMPLES.has(key)) look(value);
  };
  look(document);
  return [...found].filter(([, places]) => places > 1).map(([words]) => words);
}
