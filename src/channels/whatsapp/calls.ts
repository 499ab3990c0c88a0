/** Voice calls (field `calls`): shown in the talk, and no message to be answered. */
import { idOf, membersOf, numberOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { labelled } from '../words.ts';
import { metadataOf, sentAtOf, whatsappCustomer } from './metadata.ts';

/** @returns what an agent reads; undefined: a step of the call that says nothing to them */
function wordsOf(event: string | undefined, status: string | undefined, seconds: number | undefined) {
  if (event === 'connect') return labelled('Panggilan', 'Pelanggan menelepon');
  if (event !== 'terminate') return undefined;
  if (seconds !== undefined && seconds > 0)
    return labelled('Panggilan', `Selesai, ${String(Math.round(seconds))} detik`);
  return labelled('Panggilan', /reject/i.test(status ?? '') ? 'Ditolak' : 'Tidak terjawab');
}

export function callItem(raw: unknown, number: Line, { receivedAt }: ReadContext): NormalizedItem {
  const kept = { metadata: { phone_number_id: number.id }, call: raw };
  const call = membersOf(raw);
  const id = idOf(call['id']);
  if (id === undefined) return deadItem('invalid_call: id', kept);
  // Of a call that we made, `from` is our number.
  if (textOf(call['direction']) === 'BUSINESS_INITIATED') return ignoredItem('own_call', kept);
  const caller = whatsappCustomer(idOf(call['from']), idOf(call['from_user_id']));
  if (!caller) return deadItem('no_sender', kept);
  const event = textOf(call['event']);
  const words = wordsOf(event, textOf(call['status']), numberOf(call['duration']));
  if (event === undefined || words === undefined) return ignoredItem('step_of_a_call', kept);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...metadataOf(number),
      ...caller,
      userName: null,
      sentAt: sentAtOf(call['timestamp'], receivedAt),
      channelMessageId: `${id}:${event}`,
      contentKind: 'call',
      content: words,
      attachments: [],
      replyTo: null,
    },
  };
}
