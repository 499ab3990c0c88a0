/**
 * Meta's Graph API for WhatsApp, Instagram and Messenger, and its errors (docs/design/whatsapp.md#sending and
 * docs/design/whatsapp.md#error-codes).
 */
import { z } from 'zod';
import type { ChannelHttp, SendOutcome } from '../../ports.ts';
import { saysNotNow, saysNotTaken } from '../answers.ts';

const problem = z.object({
  error: z.object({
    code: z.number(),
    error_subcode: z.number().optional(),
    message: z.string().optional(),
    is_transient: z.boolean().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

export interface GraphRequest {
  readonly url: string;
  readonly token: string;
  readonly json: object;
  readonly answerMs: number | undefined;
  readonly signal: AbortSignal;
}

/** @param idOf the message id in the body of a 200; undefined when there is none */
export async function postToGraph(
  http: Pick<ChannelHttp, 'postJson'>,
  { url, token, json, answerMs, signal }: GraphRequest,
  idOf: (body: unknown) => string | undefined,
): Promise<SendOutcome> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await http.postJson(url, json, { headers, answerMs, signal });
  if (answer.kind !== 'answer') return answer;
  const { status, ok, body, retryAfterMs } = answer;
  if (ok) {
    const channelMessageId = idOf(body);
    // Accepted without a message id: a delivery report may still name the message.
    if (channelMessageId === undefined) return { kind: 'unknown', reason: 'unreadable_answer' };
    return { kind: 'accepted', channelMessageId };
  }
  const { error } = problem.safeParse(body).data ?? {};
  if (error) {
    const { code, error_subcode, message, error_data, is_transient } = error;
    const isTransient = is_transient === true || saysNotTaken(answer);
    if (status >= 500 && !isTransient) return { kind: 'unknown', reason: 'unreadable_answer' };
    return {
      kind: 'refused',
      code: error_subcode === undefined ? String(code) : `${String(code)}/${String(error_subcode)}`,
      reason: error_data?.details ?? message ?? null,
      retryAfterMs,
      isTransient,
    };
  }
  const isTransient = saysNotNow(answer);
  // After any other 5xx of a gateway the outcome is unknown.
  if (status >= 500 && !isTransient) return { kind: 'unknown', reason: 'unreadable_answer' };
  return { kind: 'refused', code: `http_${String(status)}`, reason: null, retryAfterMs, isTransient };
}
