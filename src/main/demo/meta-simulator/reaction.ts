/** What the simulated channel does with a request: the documented behaviour, or what a test needs. */
import type { ServerResponse } from 'node:http';

export type SimulatedAnswer =
  /** Accepts the message and confirms it. */
  | { readonly kind: 'accept' }
  /** Refuses it as Graph does (docs/design/whatsapp.md#error-codes). */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code?: number;
      readonly subcode?: number;
      readonly details?: string;
      /** Seconds. */
      readonly retryAfter?: number;
    }
  /** Answers with something that is not a Graph answer. `taken`: the message was accepted all the same. */
  | { readonly kind: 'raw'; readonly status: number; readonly body: string; readonly taken: boolean }
  /** Closes the connection after it has read the request. */
  | { readonly kind: 'reset'; readonly taken: boolean }
  /** Never answers. */
  | { readonly kind: 'hang'; readonly taken: boolean };

export const takes = (reaction: SimulatedAnswer): boolean =>
  reaction.kind === 'accept' || ('taken' in reaction && reaction.taken);

export function answerJson(res: ServerResponse, status: number, body: object, retryAfter?: number): void {
  res.statusCode = status;
  res.setHeader('content-type', 'application/json');
  if (retryAfter !== undefined) res.setHeader('retry-after', String(retryAfter));
  res.end(JSON.stringify(body));
}

type GraphRefusal = Extract<SimulatedAnswer, { kind: 'error' }>;

/** The body of an error, as Graph writes it. */
export function graphErrorOf({ code, subcode, details }: GraphRefusal): object {
  if (code === undefined) return {};
  return {
    error: {
      message: `(#${String(code)}) simulated`,
      type: 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      error_data: { messaging_product: 'whatsapp', details: details ?? 'simulated' },
      fbtrace_id: 'simulated',
    },
  };
}

export const graphError = (res: ServerResponse, error: GraphRefusal): void => {
  answerJson(res, error.status, graphErrorOf(error), error.retryAfter);
};
