/** What the events of a talk say of a message, for its row in `read.messages_l1`. Pure. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import type { Said } from './message-object.ts';

const MESSAGE_EVENTS = [
  'MessageReceived',
  'BotReplied',
  'RepliedElsewhere',
  'QueueNoticePosted',
  'AgentReplied',
  'TeamReplied',
  'BlastMessagePosted',
] as const;
/** An event that is a message of the talk. */
export type L1MessageEvent = Extract<Recorded, { type: (typeof MESSAGE_EVENTS)[number] }>;

interface MessageSender {
  readonly type: 'customer' | 'bot' | 'agent' | 'sa';
  readonly id: string | null;
  readonly name: string | null;
}

/** Who wrote is not told, only where. */
const ELSEWHERE = { phone: 'dari HP', inbox: 'dari kotak masuk Meta' } as const;

export function senderOf(event: L1MessageEvent): MessageSender {
  switch (event.type) {
    case 'MessageReceived':
      return { type: 'customer', id: null, name: storableOrNull(event.data.senderName) };
    case 'BotReplied':
    case 'QueueNoticePosted':
      return { type: 'bot', id: null, name: null };
    case 'RepliedElsewhere':
      return { type: 'agent', id: null, name: ELSEWHERE[event.data.by] };
    case 'AgentReplied':
      return { type: 'agent', id: event.data.agentId, name: null };
    case 'TeamReplied':
      return { type: 'sa', id: event.data.senderId, name: storable(event.data.displayName) };
    case 'BlastMessagePosted':
      return {
        type: event.data.senderRole === 'super_admin' ? 'sa' : 'agent',
        id: event.data.senderId,
        name: null,
      };
  }
}

export const attachmentsOf = ({ data }: L1MessageEvent): string | null =>
  'attachments' in data && data.attachments !== undefined && data.attachments.length > 0
    ? storableJson(data.attachments)
    : null;

/** Of what we said ourselves. */
export function saidOf(event: L1MessageEvent): string | null {
  const nothing: Said = {
    kind: 'reply',
    sentAs: null,
    blastId: null,
    clientRef: null,
    templateId: null,
    templateName: null,
    templateLanguage: null,
  };
  const formOf = (template: { readonly name: string; readonly language: string } | null | undefined) => ({
    templateName: template?.name ?? null,
    templateLanguage: template?.language ?? null,
  });
  switch (event.type) {
    case 'AgentReplied': {
      const { followUp, template, clientRef = null } = event.data;
      const kind = followUp ? 'followup' : 'reply';
      const templateId = followUp?.templateId ?? null;
      return storableJson({ ...nothing, kind, clientRef, templateId, ...formOf(template) });
    }
    case 'TeamReplied':
      return storableJson({ ...nothing, sentAs: event.data.displayName });
    case 'QueueNoticePosted':
      return storableJson({ ...nothing, kind: 'notice' });
    case 'BlastMessagePosted': {
      const { blastId, template } = event.data;
      return storableJson({ ...nothing, kind: 'blast', blastId, ...formOf(template) });
    }
    default:
      return null;
  }
}

export const isOurs = (event: L1MessageEvent): event is RecordedOf<'AgentReplied' | 'TeamReplied'> =>
  event.type === 'AgentReplied' || event.type === 'TeamReplied';

export const channelIdOf = (event: L1MessageEvent): string | null =>
  event.type === 'MessageReceived' || event.type === 'BotReplied' || event.type === 'RepliedElsewhere'
    ? storableOrNull(event.data.channelMessageId)
    : null;

/** As they go over the wire. */
export function partsOfMessage(event: L1MessageEvent): string | null {
  if (event.type !== 'MessageReceived' || !event.data.parts) return null;
  const { referral, ...parts } = event.data.parts;
  return storableJson({
    ...parts,
    ...(referral && {
      referral: {
        headline: referral.headline,
        body: referral.body,
        source_url: referral.sourceUrl,
        source_id: referral.sourceId,
        media_url: referral.mediaUrl,
      },
    }),
  });
}

export const isMessage = (event: Recorded): event is L1MessageEvent =>
  (MESSAGE_EVENTS as readonly string[]).includes(event.type);
