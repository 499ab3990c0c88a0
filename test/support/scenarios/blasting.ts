/** The whole program with a simulated Meta behind it, and what a blast needs. */
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import type { Division } from '../../../src/domain/vocabulary.ts';
import type { Asked } from '../../../src/main/demo/meta-simulator/messages.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import { startMetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import { startTestProgram } from '../http/app.ts';
import { eventually } from '../eventually.ts';

const TOKEN = 'a WhatsApp token for tests only';
export const DELAY_MS = 40;

export interface BlastStatus {
  readonly status: string;
  readonly total_recipients: number;
  readonly total_sent: number;
  readonly total_failed: number;
  readonly total_responded: number;
  readonly total_skipped: number;
  readonly total_unknown: number;
  readonly response_rate_pct: number;
  readonly pause_reason: string | null;
  readonly per_category: Record<string, { recipients: number; sent: number; responded: number }>;
}
export interface Recipient {
  readonly ticket_id: string;
  readonly status: string;
  readonly form: string | null;
  readonly preview: string;
  readonly template_preview: string;
  readonly message_id: string | null;
  readonly reason: string | null;
}

export async function blasting(environment: Record<string, string> = {}) {
  let react: (asked: Asked) => SimulatedAnswer = () => ({ kind: 'accept' });
  const times: { readonly line: string; readonly id: string | null; readonly at: number }[] = [];
  const meta = await startMetaSimulator({
    token: TOKEN,
    react: (asked) => {
      times.push({ line: asked.line, id: asked.callbackData, at: performance.now() });
      return react(asked);
    },
  });
  const app = await startTestProgram({
    WHATSAPP_API_URL: meta.url,
    WHATSAPP_TOKEN: TOKEN,
    BLAST_DELAY_MS: String(DELAY_MS),
    WA_DAILY_LIMIT: '1000',
    ...environment,
  });
  let made = 0;

  async function template(over: object = {}): Promise<string> {
    made += 1;
    const reply = await app.post(
      '/api/admin/templates',
      {
        name: `tanya kabar ${String(made)}`,
        body: 'Halo {{name}}, jadi kirim ke {{destination_city}}?',
        whatsapp_template_name: `tanya_kabar_${String(made)}`,
        ...over,
      },
      'sa',
    );
    expect(reply.status, reply.text).to.equal(201);
    return reply.json.data['id'] as string;
  }

  async function create(recipients: readonly string[], over: object = {}, as = 'tl'): Promise<string> {
    const body = {
      recipients,
      template_id: await template(),
      message: 'Halo {{name}} dari {{origin_city}}!',
      ...over,
    };
    const reply = await app.post('/api/admin/blast/create', body, as);
    expect(reply.status, reply.text).to.equal(201);
    return reply.json.data['blast_id'] as string;
  }
  const act = (id: string, what: string, as = 'sa', body: object = {}) =>
    app.post(`/api/admin/blast/${id}/${what}`, body, as);
  async function approve(id: string): Promise<void> {
    const reply = await act(id, 'approve');
    expect(reply.status, reply.text).to.equal(200);
  }
  const status = async (id: string, as = 'sa'): Promise<BlastStatus> =>
    (await app.get(`/api/admin/blast/${id}/status`, as)).json.data as unknown as BlastStatus;
  const until = (id: string, wanted: string, milliseconds = 20_000): Promise<BlastStatus> =>
    eventually(
      `the blast is ${wanted}`,
      async () => {
        const now = await status(id);
        return now.status === wanted ? now : undefined;
      },
      milliseconds,
    );
  const recipients = async (id: string): Promise<Recipient[]> =>
    ((await app.get(`/api/admin/blast/${id}`, 'sa')).json.data['blast'] as { recipients: Recipient[] })
      .recipients;
  const customer = async (ticketId: string) =>
    (await app.get(`/api/admin/ticket/${ticketId}`, 'sa')).json.data['ticket'] as {
      readonly customer_phone: string;
      readonly customer_name: string;
      readonly division: Division;
    };
  let said = 0;
  /** The customer of a ticket writes. */
  async function says(ticketId: string, message: string, over: object = {}): Promise<void> {
    const { customer_phone, division } = await customer(ticketId);
    said += 1;
    await app.webhook({
      event: 'message',
      user_id: `wa_${customer_phone.replace(/\D/g, '')}`,
      channel: 'whatsapp',
      division,
      message,
      message_id: `said-${String(said)}-${String(performance.now())}`,
      timestamp: new Date().toISOString(),
      ...over,
    });
  }

  /** A webhook of Meta's, signed with the secret of the test's app. */
  async function metaSays(change: object): Promise<void> {
    made += 1;
    const time = Math.floor(Date.now() / 1000) + made;
    const body = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: 'WABA', time, changes: [change] }],
    });
    const secret = app.environment.WHATSAPP_APP_SECRET;
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const reply = await app.call('/api/webhook/external-bot', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    });
    expect(reply.status, reply.text).to.equal(200);
  }

  return {
    app,
    metaSays,
    meta,
    template,
    create,
    act,
    approve,
    status,
    until,
    recipients,
    customer,
    says,
    times,
    reacts(to: (asked: Asked) => SimulatedAnswer) {
      react = to;
    },
    /** When messages of these recipients were asked for, in order. */
    async asked(id: string): Promise<readonly number[]> {
      const ids = new Set((await recipients(id)).map(({ message_id }) => message_id));
      return times.filter((one) => ids.has(one.id)).map(({ at }) => at);
    },
    async close() {
      await app.close();
      await meta.close();
    },
  };
}
export type Blasting = Awaited<ReturnType<typeof blasting>>;
