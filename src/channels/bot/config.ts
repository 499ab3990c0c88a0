/** The variables of the product's own bots, which report in the normalized form. */
import { divisionNamed, each, GENERATED, hidden, secret, splitList, text } from '../settings.ts';

/** `sari:3f...,savi:9a...` */
const botSecrets = text(
  'must look like division:secret, separated by commas; a secret has 16 to 256 letters, digits, _ or -, and is of one division only',
  (value) => {
    const all = each(splitList(value), (part) => {
      const [, name, secret] = /^([a-z]+):([A-Za-z0-9_-]{16,256})$/.exec(part) ?? [];
      const found = divisionNamed(name);
      return found && secret !== undefined ? { division: found, secret } : undefined;
    });
    return all && new Set(all.map(({ secret }) => secret)).size === all.length ? all : undefined;
  },
);

export const BOT_VARIABLES = {
  EXTERNAL_BOT_SECRET: hidden(
    secret(16),
    `Signs the normalized webhooks of the product's bots. ${GENERATED}`,
  ),
  EXTERNAL_BOT_SECRETS: hidden(
    botSecrets,
    'A secret of its own for the bot of a division, as division:secret,... It speaks for no other division, and EXTERNAL_BOT_SECRET no longer for this one. Two of one division while one is changed.',
  ),
} as const;
