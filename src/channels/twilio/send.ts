/** Twilio's Messages resource (docs/design/channels.md#twilio). */
import { z } from 'zod';
import type { ChannelHttp, ChannelSender, OutboundMessage, SendOutcome } from '../../ports.ts';
import { saysNotNow } from '../answers.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import type { PublicPlace } from '../provider.ts';
import { textOf, tooLong } from '../text.ts';
import type { accountOf } from './config.ts';
import { MESSAGE_PARAMETER } from './form.ts';

/** What Twilio takes in one message. */
const LIMIT = { most: 1_600, unit: 'characters' } as const;
/** What waits longer in its queue would come when nobody expects it, or after the service window. Seconds. */
const VALID = { most: 14_400, least: 60 } as const;

const accepted = z.object({ sid: z.string().min(1) });
const problem = z.object({ code: z.number().int(), message: z.string().optional() });

const refused = (code: string): SendOutcome => ({
  kind: 'refused',
  code,
  reason: null,
  retryAfterMs: null,
  isTransient: false,
});

const validFor = (seconds: number): number => Math.max(Math.min(seconds, VALID.most), VALID.least);

/** A number with `+`; a business-scoped id as it is. */
const addressOf = (userId: string): string => `whatsapp:${/^\d{5,20}$/.test(userId) ? '+' : ''}${userId}`;

export function createTwilio(options: {
  readonly account: ReturnType<typeof accountOf>;
  readonly lines: readonly Pick<Line, 'id' | 'division'>[];
  readonly here: PublicPlace;
  readonly http: Pick<ChannelHttp, 'postFields'>;
  readonly answerMs?: number;
}): ChannelSender {
  const { account, here, http, lines } = options;

  /** What is said, in Twilio's form; or why it cannot be said. */
  function contentOf(message: OutboundMessage): Record<string, string> | SendOutcome {
    const { template, file } = message;
    if (template) {
      if (template.contentSid === undefined) return refused('tw_no_content_sid');
      // Contents have numbered variables: the first one that the text names is 1.
      const variables = template.parameters.map(({ text }, at) => [String(at + 1), text] as const);
      return {
        ContentSid: template.contentSid,
        ...(variables.length > 0 && { ContentVariables: JSON.stringify(Object.fromEntries(variables)) }),
      };
    }
    if (file) {
      return {
        MediaUrl: here.fileUrl(file.ticketId, message.id),
        ...(file.caption !== null && file.caption !== '' && { Body: file.caption }),
      };
    }
    const text = textOf(message, LIMIT);
    return tooLong(text, LIMIT) ?? { Body: text };
  }

  return {
    lineFor: (talk) => (account === null ? null : lineToSendBy(lines, talk)),
    send: async (message, { line, userId, windowLeftSeconds = VALID.most }, signal): Promise<SendOutcome> => {
      if (account === null) return { kind: 'not_sent', code: 'not_configured' };
      const content = contentOf(message);
      if ('kind' in content) return content as SendOutcome;
      const fields = {
        From: `whatsapp:+${line}`,
        To: addressOf(userId),
        ...content,
        ValidityPeriod: String(validFor(message.template ? VALID.most : windowLeftSeconds)),
        // Twilio knows no id of ours: this address brings it back, also when the answer was lost.
        StatusCallback: `${here.webhook}/twilio?${MESSAGE_PARAMETER}=${message.id}`,
      };
      const { headers } = account;
      const answer = await http.postFields(`${account.url}/Messages.json`, fields, {
        headers,
        answerMs: options.answerMs,
        signal,
      });
      if (answer.kind !== 'answer') return answer;
      const { status, ok, body, retryAfterMs } = answer;
      if (ok) {
        const sid = accepted.safeParse(body).data?.sid;
        return sid === undefined
          ? { kind: 'unknown', reason: 'unreadable_answer' }
          : { kind: 'accepted', channelMessageId: sid };
      }
      const isTransient = saysNotNow(answer);
      // It has no key by which it would know a repeated request again.
      if (status >= 500 && !isTransient) return { kind: 'unknown', reason: 'unreadable_answer' };
      const said = problem.safeParse(body).data;
      const code = said ? `tw_${String(said.code)}` : `http_${String(status)}`;
      return { kind: 'refused', code, reason: said?.message ?? null, retryAfterMs, isTransient };
    },
  };
}
