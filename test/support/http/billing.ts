/** Invoices of a running program, as tests make them: each step checked against the document. */
import { expect } from 'chai';
import { job } from '../../../src/domain/field-jobs/job.ts';
import type { Division } from '../../../src/domain/vocabulary.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import * as routes from '../../../src/http/invoices/invoices.ts';
import { context, type InvoiceAnswer, visited } from '../scenarios/field-service/visited.ts';
import { uuidOf } from '../scenarios/people.ts';
import type { TestProgram } from './app.ts';
import { expectDocumented } from './contract.ts';
import { posting, type Reply } from './http.ts';

/** Who plans visits and settles invoices, and who approves them. */
export const DISPATCHER = 'dispatcher.sari';
export const AGENT = 'agent.sari';

/** @param talk the customer of all jobs, and the ticket that they come from */
export function billingOf(
  app: TestProgram,
  talk: { readonly ticketId: string; readonly customerId: string },
) {
  let jobs = 0;

  /** A job that was done and accepted. */
  const completedJob = async (division: Division = 'sari', upTo: 'completed' | 'done' = 'completed') => {
    const jobId = uuidOf(0x9000 + (jobs += 1));
    const people = {
      technicianId: app.person(`technician.${division}`).id,
      by: app.person(`dispatcher.${division}`).id,
    };
    const all = visited({ jobId, division, ...talk, ...people });
    const events = upTo === 'done' ? all.slice(0, -1) : all;
    await app.program.commands.handler.executeCommand(job, jobId, context(jobs), () => events);
    return jobId;
  };

  async function send(
    of: Route,
    path: string,
    as: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const init = { ...posting(body, app.person(as).token, headers), method: of.method.toUpperCase() };
    const reply = of.method === 'get' ? await app.get(path, as) : await app.call(path, init);
    expectDocumented(of, reply);
    return reply;
  }
  const of = (reply: Reply): InvoiceAnswer => reply.json.data['invoice'] as InvoiceAnswer;
  const codeOf = ({ status, json }: Reply) => `${String(status)} ${json.error?.code ?? 'ok'}`;
  const refused = async (code: string, ...call: Parameters<typeof send>) =>
    expect(codeOf(await send(...call))).to.equal(code);
  const on = (id: string, what: string) => `/api/admin/invoices/${id}/${what}`;
  const draft = async (body: object = {}, division: Division = 'sari') =>
    of(
      await send(
        routes.draftInvoice,
        `/api/admin/jobs/${await completedJob(division)}/invoice`,
        `dispatcher.${division}`,
        body,
      ),
    );
  async function approved(body: object = {}): Promise<InvoiceAnswer> {
    const { id } = await draft(body);
    const { revision, hash } = of(await send(routes.submitInvoice, on(id, 'submit'), DISPATCHER));
    return of(await send(routes.approveInvoice, on(id, 'approve'), AGENT, { revision, hash }));
  }
  const issued = async (body: object = {}) =>
    of(await send(routes.issueInvoice, on((await approved(body)).id, 'issue'), DISPATCHER));

  return { completedJob, send, of, codeOf, refused, on, draft, approved, issued };
}
