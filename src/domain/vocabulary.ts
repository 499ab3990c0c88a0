/**
 * The closed word lists of the product (docs/design/business-rules.md#vocabulary; docs/design/api.md#ticket-object).
 */
import { z } from 'zod';

/** An id in a request: capitals (as iOS writes them) mean the same id, and stream names have small letters. */
export const uuid = z.uuid().toLowerCase();

export const DIVISIONS = ['sari', 'savi', 'safia'] as const;
export const division = z.enum(DIVISIONS);
export type Division = z.infer<typeof division>;

/** Where a user belongs: one division, or `all`. */
export const userDivision = z.enum([...DIVISIONS, 'all']);
export type UserDivision = z.infer<typeof userDivision>;

export const ROLES = [
  'super_admin',
  'team_lead',
  'sales_agent',
  'dispatcher',
  'technician',
  'viewer',
] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;
/** Who may have tickets, and a presence. The others look on, or do field service. */
export const AGENT_ROLES = ['super_admin', 'team_lead', 'sales_agent'] as const satisfies readonly Role[];
export const isAgentRole = (of: Role): of is (typeof AGENT_ROLES)[number] =>
  (AGENT_ROLES as readonly Role[]).includes(of);

export const CHANNELS = ['whatsapp', 'telegram', 'instagram', 'facebook', 'web'] as const;
export const channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof channel>;

/**
 * How a line takes what is written outside the service window: an approved template by its name or by the sid of a content,
 * or nothing at all (`none`): such a line has no window, and only answers (docs/design/channels.md#lines-that-only-answer).
 */
export const templatesBy = z.enum(['name', 'content_sid', 'none']);
export type TemplatesBy = z.infer<typeof templatesBy>;

export const TICKET_STATUSES = ['new', 'in_progress', 'awaiting_response', 'closed'] as const;
export const QUEUE_STATUSES = ['free', 'queued', 'assigned', 'off_hours'] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];
export const QUEUE_LABELS = ['returning_customer', 'waiting_agent', 'off_hours'] as const;
export const queueLabel = z.enum(QUEUE_LABELS);
export type QueueLabel = z.infer<typeof queueLabel>;

export const CRM_STAGES = ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'] as const;

export const PRESENCES = ['online', 'offline'] as const;
export const presence = z.enum(PRESENCES);
/** Why somebody went offline who did not say so: signed out, or nothing was heard of them. */
export const PRESENCE_REASONS = ['logout', 'gone'] as const;
export const presenceReason = z.enum(PRESENCE_REASONS);
export type PresenceReason = z.infer<typeof presenceReason>;

/** How far an outbound message came, in order; `failed` and `unknown` are ends of their own. */
export const DELIVERY_STATUSES = ['queued', 'sent', 'delivered', 'read', 'failed', 'unknown'] as const;
export const deliveryStatus = z.enum(DELIVERY_STATUSES);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

/** A media file or other non-text part of a message, as the channel names it. */
export const attachment = z.object({
  kind: z.enum(['image', 'audio', 'video', 'document', 'sticker', 'location', 'contact', 'other']),
  /** The channel's id of the media, to fetch it with. */
  mediaId: z.string().nullable(),
  mimeType: z.string().nullable(),
  fileName: z.string().nullable(),
  /** What was written beside it; absent where there is nothing, and in old events. */
  caption: z.string().optional(),
});
export type Attachment = z.infer<typeof attachment>;

/** A file of ours that goes to a customer (docs/design/api.md#files-to-a-customer). */
export const sentFile = z.object({
  kind: z.enum(['image', 'audio', 'video', 'document']),
  /** Of its upload: `media/<id>` is its key. */
  mediaId: z.uuid(),
  mimeType: z.string(),
  fileName: z.string().nullable(),
  /** Bytes. */
  size: z.int().nonnegative(),
  /** What the customer reads beside it. */
  caption: z.string().nullable(),
});
export type SentFile = z.infer<typeof sentFile>;

/** In the place of a text that was erased. The dashboard shows it. */
export const ERASED = '[dihapus]';

/** What is left of an attachment when its customer was erased. */
export const erasedAttachment = ({ kind }: Pick<Attachment, 'kind'>): Attachment => ({
  kind,
  mediaId: null,
  mimeType: null,
  fileName: null,
});

/** What is left of a file of ours: its type and size are no secret, its bytes are gone. */
export const erasedSentFile = (file: SentFile): SentFile => ({ ...file, fileName: null, caption: null });
