/**
 * What a message holds besides its words, in forms that a program can use (docs/design/api.md#l1-messages). Optional
 * members of `MessageReceived`: what nobody sent is absent.
 */
import { z } from 'zod';

const text = z.string().nullable();

const location = z.object({ latitude: z.number(), longitude: z.number(), name: text, address: text });
const contact = z.object({
  name: text,
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  organisation: text,
});
const order = z.object({
  items: z.array(
    z.object({ id: z.string(), quantity: z.number(), price: z.number().nullable(), currency: text }),
  ),
  text,
});
/** An advertisement, a story or a product that the customer came from. */
const referral = z.object({ headline: text, body: text, sourceUrl: text, sourceId: text, mediaUrl: text });
/** An answered form: the questions and answers as a person reads them. */
const form = z.object({ name: text, answers: z.record(z.string(), z.string()) });
const story = z.object({ url: text });

export const messageParts = z.object({
  location: location.optional(),
  contacts: z.array(contact).optional(),
  order: order.optional(),
  referral: referral.optional(),
  form: form.optional(),
  story: story.optional(),
});
export type MessageParts = z.infer<typeof messageParts>;
