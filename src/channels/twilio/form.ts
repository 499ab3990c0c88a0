/** Twilio's webhooks: a form for each message or status, signed over the address that it was sent to. */
import { uuid } from '../../domain/vocabulary.ts';
import type { WebhookForm } from '../provider.ts';
import { twilioItems } from './normalize.ts';
import { signedByTwilio, twilioSignatureOf } from './signature.ts';

/** In the address of a report, which is signed: our own id of the message that it is about. */
export const MESSAGE_PARAMETER = 'message';

export const twilioForm: WebhookForm = {
  name: 'twilio',
  path: '/twilio',
  alias: '/api/whatsapp/webhook',
  answersNothing: true,
  maySign: (headers) => twilioSignatureOf(headers) !== undefined,
  verify: (headers, bytes, { twilio }, url) => {
    const signature = twilioSignatureOf(headers);
    if (!signature || !signedByTwilio(twilio, url, bytes, signature)) return null;
    const messageId = uuid.safeParse(new URL(url).searchParams.get(MESSAGE_PARAMETER)).data;
    return { divisions: null, line: null, messageId };
  },
  parse: (text) => Object.fromEntries(new URLSearchParams(text)),
  owns: () => true,
  read: (body, { messageId }, context) => twilioItems(body, messageId, context),
};
