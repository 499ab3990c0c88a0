/**
 * The product's own bots: a secret of the division, or the one that divisions without their own share
 * (docs/design/api.md#webhook-signature).
 */
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import { hubSignatureOf, signedWith } from '../hmac.ts';
import { parseJson } from '../lenient.ts';
import type { WebhookForm, WebhookSecrets } from '../provider.ts';
import { deadItem, type NormalizedItem } from '../reading.ts';
import { normalized } from './normalize.ts';

/** The divisions that EXTERNAL_BOT_SECRET is for: a division with a secret of its own listens to no other. */
export const sharedDivisions = (bots: WebhookSecrets['bots']): readonly Division[] =>
  DIVISIONS.filter((division) => !bots.some((bot) => bot.division === division));

/** Every secret is tried, so that the time does not show whose it was. */
function botDivisions(
  { externalBot, bots }: WebhookSecrets,
  bytes: Buffer,
  signature: Buffer,
): readonly Division[] {
  const shared = signedWith(externalBot, bytes, signature) ? sharedDivisions(bots) : [];
  const own = bots
    .filter(({ secret }) => signedWith(secret, bytes, signature))
    .map(({ division }) => division);
  return [...new Set([...own, ...shared])];
}

/** Why an item is none of its bot's: also when a kept body is read again, and the map has given it a division by then. */
export const OTHER_DIVISION = 'division_of_another_bot';

/** @returns the item; of a division that the bot does not speak for: a dead letter, without the division it tried */
function withinBot(item: NormalizedItem, divisions: readonly Division[]): NormalizedItem {
  if (item.kind !== 'inbound' || !('division' in item.inbound)) return item;
  const { division, ...rest } = item.inbound;
  return divisions.includes(division) ? item : deadItem(OTHER_DIVISION, rest);
}

export const botForm: WebhookForm = {
  name: 'normalized',
  path: '',
  parse: parseJson,
  maySign: (headers) => hubSignatureOf(headers) !== undefined,
  verify: (headers, bytes, secrets) => {
    const signature = hubSignatureOf(headers);
    const divisions = signature ? botDivisions(secrets, bytes, signature) : [];
    return divisions.length > 0 ? { divisions, line: null } : null;
  },
  owns: (body) => !(typeof body === 'object' && body !== null && 'object' in body),
  read: (body, { divisions }, context) =>
    normalized(body, context).map((item) => withinBot(item, divisions ?? [])),
};
