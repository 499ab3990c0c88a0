/**
 * Meta's Graph API for WhatsApp, Instagram and Messenger, and its errors (docs/design/whatsapp.md#sending and
 * docs/design/whatsapp.md#error-codes).
 */
import { z } from 'zod';
import type { ChannelForm, ChannelHttp, Files, OutboundMessage, SendOutcome } from '../../ports.ts';
import { saysNotNow, saysNotTaken } from '../answers.ts';
import { FILE_GONE, UPLOAD_FAILED, UPLOAD_MS, withFile } from '../files.ts';

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
  return outcomeOf(await http.postJson(url, json, { headers, answerMs, signal }), idOf);
}

/**
 * Puts a file where messages can name it. Nothing reaches the customer by it.
 * @returns the channel's id of the file, or what becomes of the message that was to have it
 */
export async function uploadToGraph(
  { http, files }: { readonly http: Pick<ChannelHttp, 'postForm'>; readonly files: Pick<Files, 'open'> },
  { url, token, signal }: Pick<GraphRequest, 'url' | 'token' | 'signal'>,
  form: {
    readonly fields: ChannelForm['fields'];
    readonly field: string;
    readonly file: NonNullable<OutboundMessage['file']>;
  },
  idOf: (body: unknown) => string | undefined,
): Promise<{ readonly id: string } | SendOutcome> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await withFile(files, form.file, form.field, (file) =>
    http.postForm(url, { fields: form.fields, file }, { headers, answerMs: UPLOAD_MS, signal }),
  );
  if (answer === null) return FILE_GONE;
  const outcome = outcomeOf(answer, idOf);
  if (outcome.kind === 'unknown') return UPLOAD_FAILED;
  if (outcome.kind !== 'accepted') return outcome;
  return { id: outcome.channelMessageId ?? '' };
}

type Answered = Awaited<ReturnType<ChannelHttp['postJson']>>;

function outcomeOf(answer: Answered, idOf: (body: unknown) => string | undefined): SendOutcome {
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
