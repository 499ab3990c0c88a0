/** From a completed job to a paid invoice and a rating, over HTTP; and what happens when several act at once. */
import { expect } from 'chai';
import ExcelJS from 'exceljs';
import { linkTokenOf } from '../../../src/commands/invoices/issue-invoice.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { invoice } from '../../../src/domain/invoices/invoice.ts';
import { invoiceNumbers, invoiceNumbersId } from '../../../src/domain/invoices/invoice-numbers.ts';
import * as routes from '../../../src/http/invoices/invoices.ts';
import { exportInvoices } from '../../../src/http/exports/exports.ts';
import { rateJob, ratings } from '../../../src/http/ratings/ratings.ts';
import { checkOverdue } from '../../../src/jobs/invoices/invoice-jobs.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { AGENT, billingOf, DISPATCHER } from '../../support/http/billing.ts';
import { posting } from '../../support/http/http.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { approvedAs } from '../../support/scenarios/field-service/invoice-events.ts';
import { context, type InvoiceAnswer } from '../../support/scenarios/field-service/visited.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const SA = 'sa';
type Billing = ReturnType<typeof billingOf>;
describe('invoices of jobs', function () {
  this.timeout(120_000);
  let app: TestProgram;
  let second: string;
  let completedJob: Billing['completedJob'];
  let send: Billing['send'];
  let of: Billing['of'];
  let codeOf: Billing['codeOf'];
  let refused: Billing['refused'];
  let on: Billing['on'];
  let draft: Billing['draft'];
  let approved: Billing['approved'];
  let issued: Billing['issued'];
  let talk: { readonly ticketId: string; readonly customerId: string; readonly digits: string };
  before(async () => {
    app = await startTestProgram({ PUBLIC_URL: 'https://saga.example', COMPANY_NAME: 'PT Saga <Kargo>' });
    second = await app.another();
    const [ticketId = ''] = await app.openTickets('sari', 1);
    const ticket = (await app.get(`/api/admin/ticket/${ticketId}`, SA)).json.data['ticket'] as {
      customer_id: string;
      customer_phone: string;
    };
    talk = { ticketId, customerId: ticket.customer_id, digits: ticket.customer_phone.slice(-4) };
    ({ completedJob, send, of, codeOf, refused, on, draft, approved, issued } = billingOf(app, talk));
  });
  after(() => app.close());

  const numbersOf = async (year: number) => {
    let at = await app.program.commands.handler.load(invoiceNumbers, invoiceNumbersId('sari', year));
    const all: number[] = [];
    for (; at; at = at.before) all.unshift(at.taken.n);
    return all;
  };
  const tokenOf = (purpose: 'invoice-link' | 'rating-link', id: string) =>
    linkTokenOf(createBlindIndex(app.secrets.BLIND_INDEX_KEY), purpose, id);
  const page = (path: string) => fetch(app.url + path, { headers: { accept: 'text/html' } });

  it('goes from the draft to the payment, with tax once on the sum', async () => {
    const notDone = await completedJob('sari', 'done');
    await refused(
      '409 JOB_NOT_COMPLETED',
      routes.draftInvoice,
      `/api/admin/jobs/${notDone}/invoice`,
      DISPATCHER,
    );
    await refused(
      '404 JOB_NOT_FOUND',
      routes.draftInvoice,
      `/api/admin/jobs/${uuidOf(1)}/invoice`,
      DISPATCHER,
    );
    const jobId = await completedJob();
    const path = `/api/admin/jobs/${jobId}/invoice`;
    await refused('404 JOB_NOT_FOUND', routes.draftInvoice, path, 'dispatcher.savi');
    const first = of(await send(routes.draftInvoice, path, DISPATCHER));
    expect(first).to.include({ status: 'draft', total: 1_011_000, outstanding: 1_011_000, job_id: jobId });
    await refused('409 INVOICE_EXISTS', routes.draftInvoice, path, DISPATCHER);
    const lines = [
      { description: 'Antar', unit_price: 1_000_000, discount: 150_000 },
      { description: 'Survei', unit_price: 100_000, tax_scheme: 'dpp_11_12' },
    ];
    const { id, revision, hash } = of(
      await send(routes.reviseInvoice, `/api/admin/invoices/${first.id}`, DISPATCHER, { lines, revision: 1 }),
    );
    await refused('409 INVOICE_STATE', routes.approveInvoice, on(id, 'approve'), AGENT, { revision, hash });
    await send(routes.submitInvoice, on(id, 'submit'), DISPATCHER);
    await refused('400 VALIDATION_FAILED', routes.approveInvoice, on(id, 'approve'), AGENT, first);
    await refused('409 INVOICE_CHANGED', routes.approveInvoice, on(id, 'approve'), AGENT, {
      revision: 1,
      hash: first.hash,
    });
    await refused('409 INVOICE_STATE', routes.issueInvoice, on(id, 'issue'), DISPATCHER);
    const back = of(
      await send(routes.rejectInvoice, on(id, 'reject'), AGENT, { reason: 'Diskon', proposal: 950_000 }),
    );
    expect(back).to.include({ status: 'draft' });
    expect(back['rejection']).to.include({ reason: 'Diskon', proposal: 950_000 });
    await send(routes.submitInvoice, on(id, 'submit'), DISPATCHER);
    await send(routes.approveInvoice, on(id, 'approve'), AGENT, { revision, hash });
    const out = of(await send(routes.issueInvoice, on(id, 'issue'), DISPATCHER));
    // 850,000 x 1.1 % and 100,000 x 11 %.
    expect(out).to.include({ status: 'issued', total: 970_350 });
    expect(out.number).to.match(/^INV\/SARI\/20\d\d\/\d{6}$/);
    expect(of(await send(routes.issueInvoice, on(id, 'issue'), DISPATCHER)).number).to.equal(out.number);
    await refused('409 OVERPAID', routes.recordPayment, on(id, 'payments'), DISPATCHER, {
      amount: 970_351,
      at: '2026-07-10',
    });
    const key = { 'idempotency-key': 'payment-1' };
    for (let n = 0; n < 2; n += 1) {
      const part = of(
        await send(
          routes.recordPayment,
          on(id, 'payments'),
          DISPATCHER,
          { amount: 500_000, at: '2026-07-10' },
          key,
        ),
      );
      expect(part).to.include({ status: 'issued', outstanding: 470_350 });
    }
    const whole = { amount: 451_350, withheld: 19_000, at: '2026-07-12', proof: 'BP-1' };
    expect(of(await send(routes.recordPayment, on(id, 'payments'), DISPATCHER, whole))).to.include({
      status: 'paid',
      outstanding: 0,
      paid_on: '2026-07-12',
    });
    await refused('409 INVOICE_STATE', routes.voidInvoice, on(id, 'void'), DISPATCHER, { reason: 'x' });
    expect(
      of(await send(routes.recordTaxNumber, on(id, 'tax-number'), DISPATCHER, { nsfp: '04002600012345678' })),
    ).to.include({ nsfp: '04002600012345678' });
    const seen = await send(routes.oneInvoice, `/api/admin/invoices/${id}`, AGENT);
    expect(seen.json.data['job']).to.include({
      kind: 'antar_kargo',
      label: 'Pengantaran kargo',
      base_price: 1_000_000,
    });
    expect(of(seen)['lines']).to.have.length(2);
    const paid = await send(routes.invoices, '/api/admin/invoices?status=paid&limit=1', AGENT);
    expect((paid.json.data['invoices'] as InvoiceAnswer[]).map((one) => one.id)).to.deep.equal([id]);
    expect(
      (await send(routes.invoices, '/api/admin/invoices', 'agent.savi')).json.data['invoices'],
    ).to.deep.equal([]);
    await refused('404 INVOICE_NOT_FOUND', routes.oneInvoice, `/api/admin/invoices/${id}`, 'agent.savi');
    for (const nobody of ['technician.sari', 'viewer.sari'])
      await refused('403 FORBIDDEN', routes.invoices, '/api/admin/invoices', nobody);
  });

  it('is approved by somebody else, within the limit of discount; and a void one is billed again', async () => {
    const cheap = await draft({ lines: [{ description: 'Antar', unit_price: 700_000 }] });
    await send(routes.submitInvoice, on(cheap.id, 'submit'), DISPATCHER);
    const { revision, hash, id } = cheap;
    await refused('403 DISCOUNT_LIMIT', routes.approveInvoice, on(id, 'approve'), AGENT, { revision, hash });
    await send(routes.approveInvoice, on(id, 'approve'), SA, { revision, hash });
    expect(
      of(await send(routes.voidInvoice, on(id, 'void'), DISPATCHER, { reason: 'Salah' })).status,
    ).to.equal('void');
    await refused('409 INVOICE_STATE', routes.issueInvoice, on(id, 'issue'), DISPATCHER);
    const next = of(
      await send(routes.draftInvoice, `/api/admin/jobs/${cheap['job_id'] as string}/invoice`, SA),
    );
    expect(next['replaces']).to.equal(id);
    await send(routes.submitInvoice, on(next.id, 'submit'), DISPATCHER);
    await refused('403 OWN_APPROVAL', routes.approveInvoice, on(next.id, 'approve'), SA, {
      revision: next.revision,
      hash: next.hash,
    });
  });

  it('approves or revises, never both: what was signed is what stands there', async () => {
    const { id, revision, hash } = await draft();
    await send(routes.submitInvoice, on(id, 'submit'), DISPATCHER);
    const [signed, changed] = await Promise.all([
      send(routes.approveInvoice, on(id, 'approve'), AGENT, { revision, hash }),
      send(routes.reviseInvoice, `/api/admin/invoices/${id}`, DISPATCHER, {
        lines: [{ description: 'Lain', unit_price: 900_000 }],
      }),
    ]);
    expect(changed.status).to.equal(200);
    expect(['200 ok', '409 INVOICE_CHANGED']).to.include(codeOf(signed));
    const after = await app.program.commands.handler.load(invoice, id);
    expect(after.status).to.equal('draft');
  });

  it('numbers a hundred that are issued at once by two processes without a gap and without a double', async () => {
    const { handler } = app.program.commands;
    // One approved invoice as a pattern: the others get its events under their own ids.
    const pattern = await handler.load(invoice, (await approved()).id);
    const all = Array.from({ length: 100 }, (_one, n) => uuidOf(0xa000 + n));
    for (const [n, id] of all.entries())
      await handler.executeCommand(invoice, id, context(n), () =>
        approvedAs(pattern, id, uuidOf(0xb000 + n)),
      );
    const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
    const before = (await numbersOf(year)).length;
    const { token } = app.person(DISPATCHER);
    // Who kept losing the next number to others is told so (503), and asks again.
    const issue = (id: string, n: number) => {
      const ask = () => fetch((n % 2 === 0 ? app.url : second) + on(id, 'issue'), posting({}, token));
      const done = async () => ((await ask()).status === 200 ? true : undefined);
      return eventually('it is issued', done, 60_000);
    };
    await Promise.all(all.map(issue));
    const states = await Promise.all(all.map((id) => handler.load(invoice, id)));
    const given = states.map((state) => (state.status === 'absent' ? null : state.issue?.number));
    expect(new Set(given).size).to.equal(100);
    const numbers = await numbersOf(year);
    expect(numbers).to.deep.equal(Array.from({ length: before + 100 }, (_one, at) => at + 1));
  });

  it('finishes an issue that was left after its number was taken, with that number', async () => {
    const { id } = await approved();
    const { handler } = app.program.commands;
    const state = await handler.load(invoice, id);
    if (state.status === 'absent') throw new Error('no invoice');
    await handler.executeCommand(invoice, id, context(1), () => [
      { type: 'InvoiceIssueStarted', data: { ...state.ref, by: uuidOf(1) } },
    ]);
    const today = app.program.commands.invoices.dayOf(new Date().toISOString());
    const year = Number(today.slice(0, 4)) - 1;
    // Taken on the last evening of the year before; the process ended there.
    await handler.executeCommand(invoiceNumbers, invoiceNumbersId('sari', year), context(2), () => [
      {
        type: 'InvoiceNumberTaken',
        data: { division: 'sari', year, n: 1, invoiceId: id, takenOn: `${String(year)}-12-31` },
      },
    ]);
    await refused('409 INVOICE_STATE', routes.reviseInvoice, `/api/admin/invoices/${id}`, DISPATCHER, {
      bill_to: { name: 'Lain' },
    });
    await app.program.commands.invoices.finishIssue(id);
    const done = of(await send(routes.issueInvoice, on(id, 'issue'), DISPATCHER));
    expect(done).to.include({
      number: `INV/SARI/${String(year)}/000001`,
      issued_on: `${String(year)}-12-31`,
    });
    // Its day is over: those who settle are told, once.
    const { commands } = app.program;
    const postgres = createPostgres({ url: app.databaseUrl, logger: silentLogger() });
    const tables = postgres.writes;
    const jobsOf = {
      tables,
      invoices: commands.invoices,
      clock: { now: () => new Date() },
      timezone: 'Asia/Jakarta',
    };
    await checkOverdue(jobsOf);
    await checkOverdue(jobsOf);
    await postgres.close();
    const told = await eventually('the dispatcher is told', async () => {
      const list = (await app.get('/api/notifications', DISPATCHER)).json.data['notifications'] as {
        kind: string;
      }[];
      const kinds = list.map(({ kind }) => kind);
      return kinds.includes('invoice_overdue') ? kinds : undefined;
    });
    expect(told.filter((kind) => kind === 'invoice_overdue')).to.have.length(1);
  });

  it('shows the customer a page and a PDF behind a link and four digits', async () => {
    const { id } = await issued({ bill_to: { name: 'PT <script>alert(1)</script>' } });
    const sent = of(await send(routes.sendInvoice, on(id, 'send'), DISPATCHER));
    expect(sent.status).to.equal('sent');
    const link = `/i/${tokenOf('invoice-link', id)}`;
    const messages = (await app.get(`/api/admin/ticket/${talk.ticketId}/messages`, SA)).json.data[
      'messages'
    ] as { content: string; kind: string }[];
    const last = messages.findLast(({ content }) => content.includes('/i/'));
    expect(last?.content).to.include(`https://saga.example${link}`).and.include(String(sent.number));
    const asked = await page(link);
    expect(asked.status).to.equal(200);
    expect(Object.fromEntries(asked.headers)).to.include({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(asked.headers.get('content-security-policy'))
      .to.include("default-src 'none'")
      .and.not.include('unsafe');
    expect(await asked.text())
      .to.include('empat angka terakhir')
      .and.not.include(String(sent.number));
    const shown = await (await page(`${link}?digits=${talk.digits}`)).text();
    expect(shown)
      .to.include(String(sent.number))
      .and.include('PT Saga &lt;Kargo&gt;')
      .and.not.include('<script>alert');
    const pdf = await fetch(`${app.url}${link}/pdf?digits=${talk.digits}`);
    expect(pdf.headers.get('content-type')).to.equal('application/pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).to.equal('%PDF-');
    expect((await fetch(`${app.url}/i/${'0'.repeat(32)}`)).status).to.equal(404);
    expect((await fetch(`${app.url}${link}/pdf`)).status).to.equal(403);
    expect((await page(`${link}?digits=${encodeURIComponent('١٢٣٤')}`)).status).to.equal(403);
    const wrong = talk.digits === '0000' ? '1111' : '0000';
    const tries: number[] = [];
    for (let n = 0; n < 4; n += 1) tries.push((await page(`${link}?digits=${wrong}`)).status);
    expect(tries, 'with the one above').to.deep.equal([403, 403, 403, 429]);
    expect((await page(`${link}?digits=${talk.digits}`)).status).to.equal(429);
  });

  it('says what was invoiced and paid by month, and makes a workbook of it', async () => {
    const today = app.program.commands.invoices.dayOf(new Date().toISOString());
    const figures = await send(
      routes.invoiceFigures,
      `/api/admin/invoices/figures?from=${today}&to=${today}`,
      AGENT,
    );
    const [month] = figures.json.data['months'] as {
      month: string;
      count: number;
      invoiced: number;
      paid: number;
    }[];
    expect(month).to.include({ month: today.slice(0, 7), paid: 0 });
    const list = (await app.get('/api/admin/invoices?limit=200', SA)).json.data[
      'invoices'
    ] as InvoiceAnswer[];
    const ours = list.filter((one) => one['issued_on'] === today && one.status !== 'void');
    expect(month?.count).to.equal(ours.length);
    expect(month?.invoiced).to.equal(ours.reduce((sum, { total }) => sum + total, 0));
    const july = await send(
      routes.invoiceFigures,
      '/api/admin/invoices/figures?from=2026-07-01&to=2026-07-31',
      AGENT,
    );
    expect(july.json.data['months']).to.deep.equal([
      { month: '2026-07', count: 0, invoiced: 0, paid: 970_350 },
    ]);
    const asked = await send(exportInvoices, '/api/export/invoices', 'tl', {
      division: 'sari',
      date_range: { start: today, end: today },
    });
    const file = await eventually(
      'the workbook is there',
      async () => {
        const tried = await fetch(
          app.url + String(asked.json.data['download_url']).replace('https://saga.example', ''),
        );
        return tried.status === 409 ? undefined : tried;
      },
      30_000,
    );
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await file.arrayBuffer());
    const texts = (name: string) =>
      (book.getWorksheet(name)?.getSheetValues() ?? []).flatMap((row) =>
        Array.isArray(row) ? [row.map(String)] : [],
      );
    expect(texts('Tagihan').filter((row) => row.includes(String(ours[0]?.number)))).to.have.length(1);
    // One row for each taxed scheme: the first test's invoice has two.
    expect(texts('e-Faktur').filter((row) => row.includes('04'))).to.have.length(1);
    expect(texts('e-Faktur').filter((row) => row.includes('05'))).to.have.length(ours.length);
  });

  it('asks for a rating when the job is completed, and takes one', async () => {
    const jobId = await completedJob();
    const link = `/r/${tokenOf('rating-link', jobId)}`;
    await eventually('the link is in the talk', async () => {
      const list = (await app.get(`/api/admin/ticket/${talk.ticketId}/messages`, SA)).json.data[
        'messages'
      ] as { content: string }[];
      return list.filter(({ content }) => content.includes(link)).length === 1 ? true : undefined;
    });
    for (let n = 0; n < 2; n += 1) expect((await page(link)).status).to.equal(200);
    const rate = (body: object) => app.call(link, posting(body));
    const bad = await rate({ technician: 6, service: 4 });
    expectDocumented(rateJob, bad);
    expect(bad.status).to.equal(400);
    const both = await Promise.all([
      rate({ technician: 5, service: 4, comment: 'Rapi' }),
      rate({ technician: 1, service: 1 }),
    ]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
    expect((await page(link)).status).to.equal(409);
    expect((await app.call(`/r/${'0'.repeat(32)}`, posting({ technician: 5, service: 5 }))).status).to.equal(
      404,
    );
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const path = `/api/admin/ratings?from=${day(-1)}&to=${day(1)}`;
    const seen = await eventually('the rating is shown', async () => {
      const reply = await send(ratings, path, DISPATCHER);
      return (reply.json.data['ratings'] as unknown[]).length === 1 ? reply : undefined;
    });
    const [figures] = seen.json.data['technicians'] as {
      rated: number;
      technician: { id: string; average: number };
    }[];
    expect([1, 5]).to.include(figures?.technician.average);
    expect(figures?.technician.id).to.equal(app.person('technician.sari').id);
    expect(JSON.stringify(seen.json)).to.not.include(talk.customerId);
    await refused('403 FORBIDDEN', ratings, path, 'technician.sari');
  });
});
