/** From the raw bytes of a webhook to its items: who signed it, and what that allows it to say. */
import type { IncomingHttpHeaders } from 'node:http';
import { type ReadContext, type WebhookClaim, type WebhookForm, type WebhookSecrets } from './provider.ts';
import { deadItem, type NormalizedItem } from './reading.ts';
import { FORMS } from './registry.ts';

/** A form whose signature fits a body, and what it allows. */
export interface Verified {
  readonly form: WebhookForm;
  readonly claim: WebhookClaim;
}

/** Where a delivery came to. */
export interface DeliveredTo {
  /** Of a `WebhookForm`. */
  readonly path: string;
  /** The public address with its query. */
  readonly url: string;
}

const formsAt = (path: string): readonly WebhookForm[] => FORMS.filter((form) => form.path === path);

/** The addresses of all forms: what stands in front is WEBHOOK_PATH, but for aliases. */
export const webhookPaths = (
  prefix: string,
): readonly { readonly address: string; readonly path: string }[] => [
  ...[...new Set(FORMS.map(({ path }) => path))].map((path) => ({ address: prefix + path, path })),
  ...FORMS.flatMap(({ alias, path }) => (alias === undefined ? [] : [{ address: alias, path }])),
];

/** Whether there is anything at all to check a body by. Without it no body is read. */
export const maySign = (headers: IncomingHttpHeaders, path = ''): boolean =>
  formsAt(path).some((form) => form.maySign(headers));

/** Every form is asked, so that the time does not show which one it was. @returns none: 401 */
export function verifiedForms(
  headers: IncomingHttpHeaders,
  bytes: Buffer,
  secrets: WebhookSecrets,
  { path, url }: DeliveredTo = { path: '', url: '' },
): readonly Verified[] {
  return formsAt(path).flatMap((form) => {
    const claim = form.verify(headers, bytes, secrets, url);
    return claim ? [{ form, claim }] : [];
  });
}

/** A kept delivery: its signature was checked when it came. @throws TypeError an unknown form */
export function keptForm(name: string, claim: WebhookClaim): Verified {
  const form = FORMS.find((one) => one.name === name);
  if (!form) throw new TypeError(`unknown form of webhook: ${name}`);
  return { form, claim };
}

export interface ParsedBody extends Verified {
  readonly items: readonly NormalizedItem[];
}

/**
 * Reads a body in the form that its sender's secret allows.
 * @returns undefined when no secret is for its form (a bot that speaks for Meta, or the reverse): 401
 */
export function readBody(
  body: unknown,
  verified: readonly Verified[],
  context: ReadContext,
): ParsedBody | undefined {
  const found = verified.find(({ form }) => form.owns(body));
  if (!found) return undefined;
  const items = found.form.read(body, found.claim, context);
  // Nothing is answered with 200 and forgotten: an empty body is kept as what it is.
  return { ...found, items: items.length > 0 ? items : [deadItem('nothing_in_it', body)] };
}
