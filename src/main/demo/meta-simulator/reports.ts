/**
 * Status webhooks as Meta sends them: signed over the raw bytes, repeated until the answer is 200
 * (docs/design/whatsapp.md#handshake-and-signature and docs/design/whatsapp.md#delivery-guarantees).
 */
import { createHmac } from 'node:crypto';
import { retry } from '../../../engine/jobs/retry.ts';

export interface ReportTarget {
  /** Full address of the webhook. */
  readonly url: string;
  readonly appSecret: string;
}

export interface Report {
  readonly line: string;
  readonly to: string;
  readonly messageId: string;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  readonly callbackData: string | null;
  readonly error?: { readonly code: number; readonly title: string };
}

function reportBody({ line, to, messageId, status, callbackData, error }: Report): string {
  const recipient = /^\d+$/.test(to) ? { recipient_id: to } : { recipient_user_id: to };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: 'SIMULATED_WABA',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '0', phone_number_id: line },
              statuses: [
                {
                  id: messageId,
                  status,
                  timestamp: String(Math.floor(Date.now() / 1000)),
                  ...recipient,
                  ...(callbackData === null ? {} : { biz_opaque_callback_data: callbackData }),
                  ...(error ? { errors: [error] } : {}),
                },
              ],
            },
          },
        ],
      },
    ],
  });
}

/** @returns false when `signal` aborted before a 200 came */
export async function sendReport(
  target: ReportTarget,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const body = reportBody(report);
  const signature = createHmac('sha256', target.appSecret).update(body).digest('hex');
  const send = async (): Promise<void> => {
    const { status } = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
      signal,
    });
    if (status !== 200) throw new Error(`answered ${String(status)}`);
  };
  // Like Meta, it tries again without a word.
  return (await retry(send, { firstMs: 200, signal, failed: () => undefined })) !== 'left';
}
