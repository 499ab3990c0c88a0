/**
 * L1: the conversation with the customer. Only events of this stream can ever feed a channel
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { messageParts } from '../inbound/parts.ts';
import {
  attachment,
  channel,
  deliveryStatus,
  division,
  erasedAttachment,
  erasedSentFile,
  sentFile,
  type SentFile,
  templatesBy,
  type TemplatesBy,
} from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const conversationStream = (ticketId: string): string => `conversation-${ticketId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const message = {
  ticketId: z.uuid(),
  division,
  messageId: z.uuid(),
  content: z.string(),
  sentAt: z.iso.datetime(),
};

export const MessageReceived = defineEvent(
  'MessageReceived',
  {
    ...message,
    channel,
    /** Keyed hash of the channel's own id of the message (wamid, update id, mid): a wamid holds the phone number. */
    channelMessageId: z.string().nullable(),
    /** The channel's own id: to quote the message and to tell the channel that it was read; absent in old events. */
    channelRef: z.string().optional(),
    /** What it was at the channel: text, image, location, ... `content` is its text rendering. */
    kind: z.string(),
    senderName: z.string().nullable(),
    attachments: z.array(attachment),
    /** The same of the message that this one answers. */
    replyTo: z.string().nullable(),
    /** Our number, page, account or bot that it came to (docs/design/channels.md#lines); absent in old events. */
    line: z.string().optional(),
    /** How that line takes what is written outside the service window; absent: as its channel does. */
    templatesBy: templatesBy.optional(),
    /** What it holds besides its words; absent where there is nothing, and in old events. */
    parts: messageParts.optional(),
    /** What it asks of our offers: it answers none of them. An erasure leaves it, as figures need it. */
    wish: z.enum(['stop', 'start']).optional(),
  },
  {
    personal: ['content', 'channelRef', 'senderName', 'attachments', 'parts'],
    // Their number and kinds are no secret; their names and media ids are.
    erased: { attachments: (all) => all.map(erasedAttachment), parts: (parts) => parts && {} },
  },
);
/**
 * What the company wrote to the customer elsewhere: in the phone app of the same number, or in the channel's own inbox
 * (docs/design/channels.md#said-elsewhere). It went out already: no sender ever delivers it.
 */
export const RepliedElsewhere = defineEvent(
  'RepliedElsewhere',
  {
    ...message,
    channelMessageId: z.string(),
    kind: z.string(),
    attachments: z.array(attachment),
    by: z.enum(['phone', 'inbox']),
    line: z.string().optional(),
  },
  {
    personal: ['content', 'attachments'],
    erased: { attachments: (all) => all.map(erasedAttachment) },
  },
);
const intentButton = z.object({ intent: z.string(), title: z.string() });
/** What the bot of the web chat shows around its words: from the FAQ, so nothing of the customer. */
const botCard = z.object({
  intent: z.string().nullable(),
  benefits: z.array(z.string()),
  cta: z.object({ primary: z.string(), secondary: z.string() }).nullable(),
  sources: z.array(z.object({ title: z.string(), url: z.string().optional() })),
  /** Which of these was meant? */
  choices: z.array(intentButton),
});
export type BotCard = z.infer<typeof botCard>;
export const BotReplied = defineEvent(
  'BotReplied',
  {
    ...message,
    channelMessageId: z.string().nullable(),
    confidence: z.number().nullable(),
    /** Absent: another bot, or an old event. */
    card: botCard.optional(),
  },
  { personal: ['content'] },
);
const templateForm = z.object({
  name: z.string(),
  language: z.string(),
  parameters: z.array(z.object({ name: z.string(), text: z.string() })),
  /** Where it went out by the sid of a content; absent in old events. */
  contentSid: z.string().optional(),
});
/**
 * A message in the form in which WhatsApp takes it after 24 hours: an approved template and what fills it
 * (docs/design/whatsapp.md#service-window).
 */
export type TemplateForm = z.infer<typeof templateForm>;

const erasedForm = <T extends TemplateForm | null | undefined>(form: T): T =>
  form && { ...form, parameters: [] };

/** What an answer may hold besides its words; absent where there is nothing, and in old events. */
const beside = {
  /** One: each file is a message of its own at every channel. */
  attachments: z.array(sentFile).optional(),
  /** The message of the talk that it quotes. */
  replyTo: z.uuid().optional(),
  /** The same by its channel's own id, where that is known. */
  quoteRef: z.string().optional(),
};
const BESIDE_PERSONAL = ['attachments', 'quoteRef'] as const;
const erasedFiles = (files: readonly SentFile[] | undefined): SentFile[] | undefined =>
  files?.map(erasedSentFile);

export const AgentReplied = defineEvent(
  'AgentReplied',
  {
    ...message,
    ...beside,
    agentId: z.uuid(),
    /** Set when it is a follow-up and no answer (docs/design/api.md#follow-up). */
    followUp: z.object({ templateId: z.uuid().nullable() }).optional(),
    /** Set where it goes out as a template; `content` is how an agent reads it. */
    template: templateForm.optional(),
    /** The message that did not arrive and is sent again with this one. */
    resendOf: z.uuid().optional(),
    /** What the client calls it, to know its own again. */
    clientRef: z.string().optional(),
  },
  {
    personal: ['content', 'template', ...BESIDE_PERSONAL],
    erased: { template: erasedForm, attachments: erasedFiles },
  },
);
export const TeamReplied = defineEvent(
  'TeamReplied',
  {
    ...message,
    ...beside,
    senderId: z.uuid(),
    displayName: z.string(),
    notifiedAgentId: z.uuid().nullable(),
    resendOf: z.uuid().optional(),
  },
  { personal: ['content', ...BESIDE_PERSONAL], erased: { attachments: erasedFiles } },
);
/**
 * A message of the product itself, once for each ticket: the customer is in the queue
 * (docs/design/business-rules.md#routing).
 */
export const QueueNoticePosted = defineEvent('QueueNoticePosted', message, { personal: ['content'] });
/**
 * The product answers who registers by WhatsApp (docs/design/field-service.md#registration-by-whatsapp). `causedBy`: the message
 * that it answers.
 */
export const RegistrationReplyPosted = defineEvent(
  'RegistrationReplyPosted',
  { ...message, causedBy: z.uuid() },
  { personal: ['content'] },
);
/** Who brought a code for it gets the link to what was said on the site (docs/design/chat.md#papers); the sender delivers it. */
export const TranscriptLinkPosted = defineEvent(
  'TranscriptLinkPosted',
  { ...message, causedBy: z.uuid() },
  { personal: ['content'] },
);
/** One recipient's message of a blast: the creator of the blast is its sender, and the blast executor delivers it. */
export const BlastMessagePosted = defineEvent(
  'BlastMessagePosted',
  {
    ...message,
    blastId: z.uuid(),
    senderId: z.uuid(),
    senderRole: z.string(),
    /**
     * Set where it goes out in the template form, which is all that reaches a customer after 24 h
     * (docs/design/whatsapp.md#service-window).
     */
    template: templateForm.nullable(),
  },
  { personal: ['content', 'template'], erased: { template: erasedForm } },
);
export const DeliveryReported = defineEvent(
  'DeliveryReported',
  {
    ticketId: z.uuid(),
    division,
    channelMessageId: z.string(),
    /** Ours, where the channel echoes it. */
    messageId: z.uuid().optional(),
    status: deliveryStatus,
    /** The channel's error code and text, when it failed. */
    error: z.string().nullable(),
    reportedAt: z.iso.datetime(),
  },
  // The text may name the customer; blast figures need the code.
  { personal: ['error'], erased: { error: (text) => text?.split(' ')[0] ?? null } },
);

export const conversationEvents = [
  MessageReceived,
  BotReplied,
  RepliedElsewhere,
  AgentReplied,
  TeamReplied,
  QueueNoticePosted,
  RegistrationReplyPosted,
  TranscriptLinkPosted,
  BlastMessagePosted,
  DeliveryReported,
] as const;
export type ConversationEvent = EventOf<(typeof conversationEvents)[number]>;

// ---------------------------------------------------------------- state

/**
 * What the deciders need of a conversation. `seen` holds the ids of the last messages only: the webhook inbox is
 * what keeps old deliveries out; this guards against the retry of a recent append.
 */
export interface Conversation {
  readonly lastCustomerMessageAt: string | null;
  /** The line of that message: a reply leaves by it. Null: not known. */
  readonly line: string | null;
  /** How that line takes templates. Null: as its channel does. */
  readonly templatesBy: TemplatesBy | null;
  readonly seen: readonly string[];
  /** The newest texts of ours: what a channel tells us of our own messages is none of somebody else's. */
  readonly said: readonly string[];
  /** What agents have written to the customer, the newest of it. */
  readonly replies: readonly { readonly agentId: string; readonly messageId: string }[];
  /** Of those, what the channel reported as failed in the end. */
  readonly failed: readonly string[];
  /** What the channel reported as delivered or read, the newest ones: it did not fail, whatever was said before or comes after. */
  readonly arrived: readonly string[];
  /** Messages that were sent again, the newest ones. */
  readonly resent: readonly string[];
  /** The customer got the notice that they wait. */
  readonly noticed: boolean;
}

/**
 * What a channel reports about a customer and nobody wrote: a changed number, a deleted message. It opens no service
 * window (docs/design/whatsapp.md#service-window) and answers nothing.
 */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['system', 'deleted', 'moved']);
export const isWritten = (kind: string): boolean => !NOT_WRITTEN.has(kind);

/**
 * What is to be answered. A reaction, an edit, a deletion, a place that moves or a call says nothing: it opens nothing,
 * answers nothing, and changes neither status nor preview (docs/design/business-rules.md#what-says-nothing).
 */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['reaction', 'edited', 'call', ...NOT_WRITTEN]);
/** For SQL. */
export const SAYS_NOTHING_KINDS: readonly string[] = [...SAYS_NOTHING];
export const saysSomething = (kind: string): boolean => !SAYS_NOTHING.has(kind);

const MAX_SEEN = 256;
const initial: Conversation = {
  lastCustomerMessageAt: null,
  line: null,
  templatesBy: null,
  seen: [],
  said: [],
  replies: [],
  failed: [],
  arrived: [],
  resent: [],
  noticed: false,
};

const remember = (seen: readonly string[], id: string): readonly string[] =>
  seen.length < MAX_SEEN ? [...seen, id] : [...seen.slice(1 - MAX_SEEN), id];

const later = (a: string | null, b: string): string => (a !== null && Date.parse(a) > Date.parse(b) ? a : b);

const MAX_SAID = 20;
const saying = (said: readonly string[], text: string): readonly string[] => [
  ...said.slice(said.length < MAX_SAID ? 0 : 1),
  text,
];

const resending = (resent: readonly string[], id: string | undefined): readonly string[] =>
  id === undefined ? resent : remember(resent, id);

/** What was written last says where the customer reads; a message that comes late says it no more. */
const lineAfter = (
  { lastCustomerMessageAt, line, templatesBy }: Conversation,
  data: EventOf<typeof MessageReceived>['data'],
): Pick<Conversation, 'line' | 'templatesBy'> =>
  isWritten(data.kind) && later(lastCustomerMessageAt, data.sentAt) === data.sentAt && data.line !== undefined
    ? { line: data.line, templatesBy: data.templatesBy ?? null }
    : { line, templatesBy };

/** Identity of a delivery report: a channel may report the same step many times. */
export const reportKey = (channelMessageId: string, status: string): string =>
  `${channelMessageId} ${status}`;

/** What was reported delivered or read did not fail, whichever came first (docs/design/business-rules.md#delivery-states). */
function afterReport(
  { failed, arrived }: Conversation,
  { messageId, status }: EventOf<typeof DeliveryReported>['data'],
): Pick<Conversation, 'failed' | 'arrived'> {
  if (messageId === undefined || arrived.includes(messageId)) return { failed, arrived };
  if (status === 'failed')
    return { failed: failed.includes(messageId) ? failed : remember(failed, messageId), arrived };
  if (status !== 'delivered' && status !== 'read') return { failed, arrived };
  return { failed: failed.filter((one) => one !== messageId), arrived: remember(arrived, messageId) };
}

// ---------------------------------------------------------------- evolve

function evolve(state: Conversation, { type, data }: ConversationEvent): Conversation {
  switch (type) {
    case 'MessageReceived':
      return {
        ...state,
        ...lineAfter(state, data),
        lastCustomerMessageAt: isWritten(data.kind)
          ? later(state.lastCustomerMessageAt, data.sentAt)
          : state.lastCustomerMessageAt,
        seen: remember(state.seen, data.messageId),
      };
    case 'AgentReplied':
      return {
        ...state,
        seen: remember(state.seen, data.messageId),
        said: saying(state.said, data.content),
        resent: resending(state.resent, data.resendOf),
        replies: [...state.replies.slice(1 - MAX_SEEN), { agentId: data.agentId, messageId: data.messageId }],
      };
    case 'RepliedElsewhere':
      return { ...state, seen: remember(state.seen, data.messageId) };
    case 'TeamReplied':
      return {
        ...state,
        seen: remember(state.seen, data.messageId),
        said: saying(state.said, data.content),
        resent: resending(state.resent, data.resendOf),
      };
    case 'BotReplied':
    case 'RegistrationReplyPosted':
    case 'TranscriptLinkPosted':
    case 'BlastMessagePosted':
      return {
        ...state,
        seen: remember(state.seen, data.messageId),
        said: saying(state.said, data.content),
      };
    case 'QueueNoticePosted':
      return {
        ...state,
        noticed: true,
        seen: remember(state.seen, data.messageId),
        said: saying(state.said, data.content),
      };
    case 'DeliveryReported':
      return {
        ...state,
        seen: remember(state.seen, reportKey(data.channelMessageId, data.status)),
        ...afterReport(state, data),
      };
    default:
      return state;
  }
}

export const conversation: Aggregate<Conversation, ConversationEvent> = {
  category: 'conversation',
  stream: conversationStream,
  initial,
  evolve,
  /** A conversation can be long: its last events are enough for every decision about it. */
  tail: MAX_SEEN,
};
