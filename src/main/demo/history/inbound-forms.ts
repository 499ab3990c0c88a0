/** What the webhook gets in the demo's past, in the forms of its senders (docs/design/api.md#webhook). */
import type { Channel, Division } from '../../../domain/vocabulary.ts';

/** Whom a talk is with, as the channel names them. */
export interface Patron {
  /** Prefixed: `wa_6280...`. */
  readonly userId: string;
  readonly name: string;
  readonly channel: Channel;
  readonly division: Division;
  /** Our line that they write to; null: the channel has none here. */
  readonly line: string | null;
}

/** What Meta puts into a message, by its type. */
export type Utterance =
  | { readonly type: 'text'; readonly text: { readonly body: string } }
  | { readonly type: 'image'; readonly image: object }
  | { readonly type: 'document'; readonly document: object }
  | { readonly type: 'audio'; readonly audio: object }
  | { readonly type: 'location'; readonly location: object }
  | { readonly type: 'contacts'; readonly contacts: readonly object[] }
  | { readonly type: 'reaction'; readonly reaction: object }
  | { readonly type: 'edit'; readonly edit: object };

export const words = (body: string): Utterance => ({ type: 'text', text: { body } });

/** More of a message: what it answers, or the advertisement that it comes from. */
export interface Around {
  readonly answers?: string;
  readonly referral?: object;
}

const seconds = (at: number): string => String(Math.floor(at / 1000));
const number = ({ userId }: Patron): string => userId.slice(userId.indexOf('_') + 1);

const metaBody = (line: string, value: object): object => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: 'DEMO_WABA',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '0', phone_number_id: line },
            ...value,
          },
        },
      ],
    },
  ],
});

/** A message of WhatsApp, as Meta sends it. */
export const whatsappMessage = (
  patron: Patron & { readonly line: string },
  id: string,
  at: number,
  said: Utterance,
  { answers, referral }: Around = {},
): object =>
  metaBody(patron.line, {
    contacts: [{ profile: { name: patron.name }, wa_id: number(patron) }],
    messages: [
      {
        from: number(patron),
        id,
        timestamp: seconds(at),
        ...(answers !== undefined && { context: { from: '0', id: answers } }),
        ...(referral && { referral }),
        ...said,
      },
    ],
  });

/** How far a message of ours came, as Meta reports it. */
export const whatsappStatus = (
  patron: Patron & { readonly line: string },
  of: { readonly id: string; readonly messageId: string },
  status: 'delivered' | 'read' | 'failed',
  at: number,
): object =>
  metaBody(patron.line, {
    statuses: [
      {
        id: of.id,
        status,
        timestamp: seconds(at),
        recipient_id: number(patron),
        biz_opaque_callback_data: of.messageId,
        ...(status === 'failed' && { errors: [{ code: 131026, title: 'Message undeliverable' }] }),
      },
    ],
  });

/** What a bot of ours reports: a message of either side, or what it did. */
export const botEvent = (
  { userId, name, channel, division, line }: Patron,
  at: number,
  what: Readonly<Record<string, unknown>>,
): object => ({
  user_id: userId,
  user_name: name,
  channel,
  division,
  bot_id: division,
  ...(channel === 'whatsapp' && line !== null && { wa_phone_id: line }),
  timestamp: new Date(at).toISOString(),
  ...what,
});
