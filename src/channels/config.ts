/** The variables of all channels. `src/config` reads them with the others. */
import type { z } from 'zod';
import { BOT_VARIABLES } from './bot/config.ts';
import { META_VARIABLES } from './meta/config.ts';
import { secretsWithLines, TELEGRAM_VARIABLES } from './telegram/config.ts';
import { TWILIO_VARIABLES, twilioContradictions } from './twilio/config.ts';
import { WAHA_VARIABLES, wahaContradictions } from './waha/config.ts';
import { WHATSAPP_VARIABLES } from './whatsapp/config.ts';

export const CHANNEL_VARIABLES = {
  ...META_VARIABLES,
  ...BOT_VARIABLES,
  ...WHATSAPP_VARIABLES,
  ...TELEGRAM_VARIABLES,
  ...TWILIO_VARIABLES,
  ...WAHA_VARIABLES,
} as const;

type Variables = typeof CHANNEL_VARIABLES;
type ValueOf<V> = V extends { readonly read: z.ZodType<infer T, string> } ? T : never;

/** Values by variable name; a variable without a default may be undefined. */
export type ChannelConfig = {
  readonly [Name in keyof Variables]: Variables[Name] extends { readonly default: string }
    ? ValueOf<Variables[Name]>
    : ValueOf<Variables[Name]> | undefined;
} & {
  /** Of the program: what a time of the day means. */
  readonly BUSINESS_TIMEZONE?: string | undefined;
};

/** What each value may be alone and not together with the others. */
export function channelContradictions(
  values: ChannelConfig & { readonly PUBLIC_URL?: string | undefined },
): readonly { readonly variable: keyof Variables; readonly expected: string }[] {
  const problems: { readonly variable: keyof Variables; readonly expected: string }[] = [];
  const { WHATSAPP_APP_SECRET: app, EXTERNAL_BOT_SECRET: bot } = values;
  if (app !== undefined && app === bot) {
    // The secret that matches a signature decides which kind of body it is.
    problems.push({ variable: 'EXTERNAL_BOT_SECRET', expected: 'must differ from WHATSAPP_APP_SECRET' });
  }
  if (values.EXTERNAL_BOT_SECRETS?.some(({ secret }) => secret === app || secret === bot) === true) {
    problems.push({
      variable: 'EXTERNAL_BOT_SECRETS',
      expected: 'must differ from WHATSAPP_APP_SECRET and EXTERNAL_BOT_SECRET',
    });
  }
  if (secretsWithLines(values).some(({ line }) => line === null)) {
    problems.push({
      variable: 'TELEGRAM_SECRET_TOKEN',
      expected: 'must say which bot each token is for (division:<bot id>:token) where a division has several',
    });
  }
  const { STAFF_TELEGRAM_BOT_TOKEN: staffBot, STAFF_TELEGRAM_SECRET_TOKEN: staffSecret } = values;
  // Else what staff do there would be a customer's message.
  if (values.TELEGRAM_BOT_TOKENS?.some(({ token }) => token === staffBot) === true)
    problems.push({ variable: 'STAFF_TELEGRAM_BOT_TOKEN', expected: 'must be none of TELEGRAM_BOT_TOKENS' });
  if (values.TELEGRAM_SECRET_TOKEN?.some(({ token }) => token === staffSecret) === true)
    problems.push({
      variable: 'STAFF_TELEGRAM_SECRET_TOKEN',
      expected: 'must be none of TELEGRAM_SECRET_TOKEN',
    });
  problems.push(...twilioContradictions(values), ...wahaContradictions(values));
  return problems;
}
