import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { createFiles } from '../../../src/adapters/files/files.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { exportStatus } from '../../../src/http/exports/exports.ts';
import { removeExportsBefore } from '../../../src/jobs/exports/remove.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { listen } from '../../support/http/event-stream.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { column, needsReaders, pagesOf, sheetsOf } from '../../support/observe/spreadsheet.ts';

const DAY_MS = 86_400_000;
const today = new Date().toISOString().slice(0, 10);
/** Yesterday to tomorrow: also when the business' day is another than that of UTC. */
const date_range = {
  start: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10),
  end: new Date(Date.now() + DAY_MS).toISOString().slice(0, 10),
};
const FORMULA = '=HYPERLINK("http://evil.example";"klik")';

interface Requested {
  readonly download_url: string;
  readonly expires_at: string;
  readonly export_id: string;
}

describe('exports over HTTP', () => {
  let app: TestProgram;
  let tickets: string[];
  let folder: string;
  /** A workbook of sari that a team lead asked for, as LibreOffice reads it: that is the slow part of these tests. */
  let ofSari: Awaited<ReturnType<typeof sheetsOf>>;
  const excel = (as: string, division = 'sari') =>
    app.post('/api/export/excel', { division, date_range }, as);
  const requestedBy = async (as: string, division = 'sari'): Promise<Requested> =>
    (await excel(as, division)).json.data as unknown as Requested;
  const crm = (ticket: string | undefined, fields: object) =>
    app.patch(`/api/admin/ticket/${ticket ?? ''}/crm`, fields, 'sa');

  async function file(path: string): Promise<{ readonly response: Response; readonly bytes: Uint8Array }> {
    const response = await eventually(
      'the file is there',
      async () => {
        const tried = await fetch(app.url + path);
        return tried.status === 409 ? undefined : tried;
      },
      30_000,
    );
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  }

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'saga-exports-'));
    app = await startTestProgram({ FILES_DIR: folder });
    tickets = await app.openTickets('sari', 5);
    await app.openTickets('savi', 2);
    await app.webhook({
      event: 'message',
      sender: 'customer',
      user_id: 'wa_628990001234',
      channel: 'whatsapp',
      division: 'sari',
      bot_id: 'sari',
      message: 'Halo',
      user_name: FORMULA,
      timestamp: new Date().toISOString(),
      message_id: 'export-formula',
      is_office_hours: true,
    });
    await crm(tickets[0], {
      crm_stage: 'Won',
      deal_value: 1_250_000,
      quote_value: 1_500_000,
      discount_given: 250_000,
    });
    await crm(tickets[1], {
      crm_stage: 'Won',
      deal_value: 3_000_000,
      origin_city: '+Batam',
      destination_city: 'Medan',
    });
    await crm(tickets[2], { crm_stage: 'Lost', lost_reason: 'price' });
    await crm(tickets[3], {
      crm_stage: 'Qualified',
      crm_fields: { service_type: 'kargo', cargo_weight_kg: 12.5 },
    });
    await eventually('the figures show it', async () => {
      const { json } = await app.get(
        `/api/admin/analytics/division/sari?start_date=${date_range.start}&end_date=${date_range.end}`,
        'sa',
      );
      const { leads } = json.data as unknown as { leads: { total: number; lost: number; valid: number } };
      return leads.total === 6 && leads.lost === 1 && leads.valid === 3 ? true : undefined;
    });
  });
  after(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives a link at once, and behind it a workbook whose sums are those of the figures', async function () {
    needsReaders(this);
    this.timeout(90_000);
    const reply = await excel('tl');
    expect(reply.status).to.equal(201);
    const made = reply.json.data as unknown as Requested;
    expect(Date.parse(made.expires_at)).to.be.closeTo(Date.now() + 3_600_000, 60_000);
    const { response, bytes } = await file(made.download_url);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-disposition')).to.equal(
      `attachment; filename="laporan-sari-${date_range.start}-${date_range.end}.xlsx"`,
    );
    expect(response.headers.get('cache-control')).to.contain('no-store');
    expect(response.headers.get('content-type')).to.contain('spreadsheetml');
    expect(Number(response.headers.get('content-length'))).to.equal(bytes.length);

    const sheets = await sheetsOf(bytes);
    ofSari = sheets;
    const { json } = await app.get(
      `/api/admin/analytics/division/sari?start_date=${date_range.start}&end_date=${date_range.end}`,
      'sa',
    );
    const figures = json.data as unknown as {
      leads: { total: number; valid: number; won: number; lost: number };
      revenue: number;
      closing_rate: number;
      lost_reasons: Record<string, number>;
    };
    const summary = new Map(sheets.get('Ringkasan')?.map(([name = '', value = '']) => [name, value]));
    expect(Number(summary.get('Lead'))).to.equal(figures.leads.total);
    expect(Number(summary.get('Pendapatan'))).to.equal(figures.revenue);
    expect(Number(summary.get('Closing rate'))).to.equal(figures.closing_rate);

    const leads = sheets.get('Lead');
    expect(column(leads, 'ID tiket')).to.have.lengthOf(figures.leads.total);
    expect(column(leads, 'Lead valid').filter((word) => word === 'Ya')).to.have.lengthOf(figures.leads.valid);
    const sales = sheets.get('Tiket dan CRM');
    const results = column(sales, 'Hasil dalam periode');
    expect(results.filter((word) => word === 'Won')).to.have.lengthOf(figures.leads.won);
    expect(results.filter((word) => word === 'Lost')).to.have.lengthOf(figures.leads.lost);
    const revenue = column(sales, 'Pendapatan periode').reduce((sum, cell) => sum + Number(cell), 0);
    expect(revenue).to.equal(figures.revenue).and.to.equal(4_250_000);
    const reasons = column(sheets.get('Alasan Lost'), 'Jumlah').reduce((sum, cell) => sum + Number(cell), 0);
    expect(reasons).to.equal(figures.leads.lost);
    expect(column(sheets.get('Rute'), 'Kota asal')).to.deep.equal(["'+Batam"]);
    expect(column(sales, 'Berat (kg)')).to.include('12.5');
    expect(column(sheets.get('Kanal'), 'Lead').reduce((sum, cell) => sum + Number(cell), 0)).to.equal(6);
    expect(sheets.get('Sampul')?.flat().join(' ')).to.contain('Diminta oleh tl');
  });

  it('holds what was changed just before, also when the read tables are late', async function () {
    needsReaders(this);
    this.timeout(60_000);
    const blocker = new pg.Client({ connectionString: app.superuserUrl });
    await blocker.connect();
    try {
      await blocker.query('begin; lock table read.analytics_tickets in exclusive mode');
      await crm(tickets[0], { deal_value: 1_250_001 });
      const { download_url, export_id } = await requestedBy('sa');
      const happened = async (type: string): Promise<true | undefined> => {
        const { rowCount } = await blocker.query('select 1 from es.events where stream = $1 and type = $2', [
          `export-${export_id}`,
          type,
        ]);
        return rowCount === 0 ? undefined : true;
      };
      await eventually('it is begun', () => happened('ExportStarted'), 30_000);
      for (let looks = 0; looks < 20; looks += 1) {
        expect(await happened('ExportCompleted')).to.equal(undefined);
        await setTimeout(50);
      }
      await blocker.query('commit');
      const sales = (await sheetsOf((await file(download_url)).bytes)).get('Tiket dan CRM');
      expect(column(sales, 'Nilai transaksi')).to.include('1250001');
    } finally {
      await blocker.end();
      await crm(tickets[0], { deal_value: 1_250_000 });
    }
  });

  it('lets nothing that a customer wrote run as a formula, and leaves phone numbers as they are', function () {
    needsReaders(this);
    const leads = ofSari.get('Lead');
    expect(column(leads, 'Pelanggan')).to.include(`'${FORMULA}`);
    expect(
      column(leads, 'Telepon').every((phone) => /^\+?\d{8,15}$/.test(phone)),
      'phones',
    ).to.equal(true);
  });

  it('shows a division nothing of the others, and a super admin all of them', async function () {
    needsReaders(this);
    this.timeout(90_000);
    const { bytes } = await file((await requestedBy('sa', 'all')).download_url);
    expect(new Set(column((await sheetsOf(bytes)).get('Lead'), 'Divisi'))).to.deep.equal(
      new Set(['Sari', 'Savi']),
    );
    expect((await excel('tl', 'savi')).json.error.code).to.equal('DIVISION_FORBIDDEN');
    expect((await excel('tl', 'all')).json.error.code).to.equal('DIVISION_FORBIDDEN');
    expect(new Set(column(ofSari.get('Lead'), 'Divisi'))).to.deep.equal(new Set(['Sari']));
  });

  for (const [report_type, title] of [
    ['division_summary', 'Ringkasan Divisi'],
    ['agent_performance', 'Kinerja Agen'],
  ] as const) {
    it(`makes a PDF to read: ${report_type}`, async function () {
      needsReaders(this);
      this.timeout(60_000);
      const body = { division: 'sari', report_type, date_range };
      const { json } = await app.post('/api/export/pdf', body, 'tl');
      const { response, bytes } = await file((json.data as unknown as Requested).download_url);
      expect(response.headers.get('content-type')).to.equal('application/pdf');
      const pages = await pagesOf(bytes);
      expect(pages[0]).to.contain(title).and.to.contain('Diminta oleh tl');
      for (const [n, page] of pages.entries())
        expect(page).to.contain(`Halaman ${String(n + 1)} dari ${String(pages.length)}`);
      const all = pages.join('\n');
      for (const heading of ['Tren tiga bulan', 'Alasan Lost', 'Closing rate', 'Definisi'])
        expect(all).to.contain(heading);
      if (report_type === 'division_summary') {
        expect(all).to.contain('Rp 4.250.000').and.to.contain('66,7%').and.to.contain('+Batam – Medan');
        for (const heading of ['Lead per kanal', 'Lead per bulan', 'Rute terbanyak', 'Efektivitas blast'])
          expect(all).to.contain(heading);
      } else expect(all).to.contain('agent.sari').and.to.contain('Alasan Lost per agen');
    });
  }

  it('tells how far it is to whoever asked, and to nobody else', async () => {
    const { export_id } = await requestedBy('tl');
    const done = await eventually('it is ready', async () => {
      const reply = await app.get(`/api/export/${export_id}/status`, 'tl');
      expectDocumented(exportStatus, reply);
      return reply.json.data['status'] === 'ready' ? reply.json.data : undefined;
    });
    expect(done).to.include({ progress_pct: 100, type: 'excel', report_type: null, division: 'sari' });
    expect(done['size']).to.be.greaterThan(1_000);
    expect((await app.get(`/api/export/${export_id}/status`, 'sa')).status).to.equal(200);
    const { export_id: others } = await requestedBy('sa');
    expect((await app.get(`/api/export/${others}/status`, 'tl')).json.error.code).to.equal(
      'EXPORT_NOT_FOUND',
    );
  });

  it('refuses a link of which one letter is another, whichever it is', async function () {
    this.timeout(60_000);
    const { download_url } = await requestedBy('sa');
    await file(download_url);
    const [, id = '', expires = '', signature = ''] =
      /^\/api\/export\/([^?]+)\?expires=(\d+)&signature=([0-9a-f]{64})$/.exec(download_url) ?? [];
    /** The text with another letter at each place in turn. */
    const changed = (text: string): string[] =>
      Array.from(text, (letter, at) => text.slice(0, at) + (letter === '0' ? '1' : '0') + text.slice(at + 1));
    const address = (...[a, b, c]: [string, string, string]) =>
      `/api/export/${a}?expires=${b}&signature=${c}`;
    const wrong = [
      ...changed(id).map((other) => address(other, expires, signature)),
      ...changed(expires).map((other) => address(id, other, signature)),
      ...changed(signature).map((other) => address(id, expires, other)),
    ];
    expect(wrong).to.have.lengthOf(36 + 10 + 64);
    for (const path of wrong) expect((await fetch(app.url + path)).status, path).to.equal(403);
    for (const path of [
      download_url.slice(0, -1),
      `${download_url}0`,
      address(id.toUpperCase(), expires, signature),
      address(id, `0${expires}`, signature),
      address(id, expires, signature.toUpperCase()),
      download_url.replace(/&signature=.*/, ''),
      download_url.replace(/\?.*/, ''),
      download_url.replace('expires', 'expire0'),
      download_url.replace('signature', 'signaturf'),
      download_url.replace('&', 'x'),
      `${download_url}&x=1`,
    ]) {
      expect((await app.call(path)).json.error.code, path).to.equal('EXPORT_LINK_INVALID');
    }
  });

  it('lets a link carry its own file and nothing else', async () => {
    const one = await requestedBy('sa');
    const other = await requestedBy('sa', 'savi');
    await file(other.download_url);
    const swapped = one.download_url.replace(one.export_id, other.export_id);
    expect((await app.call(swapped)).json.error.code).to.equal('EXPORT_LINK_INVALID');
    const query = one.download_url.slice(one.download_url.indexOf('?'));
    expect((await app.call(`/api/export/${one.export_id}/status${query}`)).status).to.equal(401);
  });

  it('waits for a file that is being made', async () => {
    // Asked for and looked at in the same moment: without waiting not one of them would be there.
    for (let n = 0; n < 3; n += 1) {
      const reply = await app.call((await requestedBy('sa')).download_url);
      expect([reply.status, reply.headers.get('content-type')]).to.deep.equal([
        200,
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      ]);
    }
  });

  it('names a day that is none, and not its range as well', async () => {
    const body = { division: 'sari', date_range: { start: '2026-02-30', end: '2026-03-01' } };
    const { json } = await app.post('/api/export/excel', body, 'sa');
    expect(json.error.details?.map(({ path }) => path)).to.deep.equal(['date_range.start']);
  });

  it('refuses days that are none, the wrong way round, or too many', async () => {
    for (const range of [
      { start: '2026-02-30', end: '2026-03-01' },
      { start: '2026-03-02', end: '2026-03-01' },
      { start: '2024-01-01', end: '2025-01-02' },
      { start: today },
    ]) {
      const reply = await app.post('/api/export/excel', { division: 'sari', date_range: range }, 'sa');
      expect(reply.json.error.code, JSON.stringify(range)).to.equal('VALIDATION_FAILED');
    }
  });

  it('tells whoever asked as it happens, and nobody else', async () => {
    const [asker, other] = await Promise.all(['tl', 'sa'].map((as) => listen(app.url, app.person(as).token)));
    if (!asker || !other) throw new Error('nobody listens');
    const { export_id } = await requestedBy('tl');
    const ready = await asker.next(
      'it is ready',
      ({ event, data }) =>
        event === 'export' && data['export_id'] === export_id && data['status'] === 'ready',
    );
    expect(ready.data['progress_pct']).to.equal(100);
    const { export_id: theirs } = await requestedBy('sa');
    await other.next('their own', ({ event, data }) => event === 'export' && data['export_id'] === theirs);
    expect(other.told.some(({ data }) => data['export_id'] === export_id)).to.equal(false);
    asker.stop();
    other.stop();
  });

  it('lets an erasure take every file away, and the links with them', async () => {
    const { download_url, export_id } = await requestedBy('tl');
    await file(download_url);
    const postgres = createPostgres({ url: app.databaseUrl, logger: silentLogger() });
    const files = createFiles(folder);
    const { exports: record } = app.program.commands;
    await eventually('the view knows it', async () =>
      (await app.get(`/api/export/${export_id}/status`, 'tl')).json.data['status'] === 'ready'
        ? true
        : undefined,
    );
    const moment = new Date();
    expect(await removeExportsBefore({ read: postgres.reads, files, record }, moment)).to.be.greaterThan(0);
    await postgres.close();
    expect(await files.open(`exports/${export_id}`)).to.equal(null);
    expect((await app.call(download_url)).json.error.code).to.equal('EXPORT_EXPIRED');
    const status = await eventually('the status says so', async () => {
      const { data } = (await app.get(`/api/export/${export_id}/status`, 'tl')).json;
      return data['status'] === 'expired' ? data : undefined;
    });
    expect(status['reason']).to.equal('erasure');
  });

  it('puts on record who took what', async () => {
    const { export_id, download_url } = await requestedBy('tl');
    await file(download_url);
    const events = await eventually('the audit log shows it', async () => {
      const { json } = await app.get('/api/admin/audit-log?limit=200', 'sa');
      const mine = (
        json.data['events'] as { event: string; subject: string; actor: { name: string } | null }[]
      ).filter(({ subject }) => subject === export_id);
      return mine.some(({ event }) => event === 'export_downloaded') ? mine : undefined;
    });
    const requested = events.find(({ event }) => event === 'export_requested');
    expect(requested?.actor?.name).to.equal('tl');
    expect(events.map(({ event }) => event)).to.include('export_completed');
    // In the record of accesses: whose link it was, from where, and by which request; each time.
    await file(download_url);
    const downloads = await eventually('both downloads', async () => {
      const { json } = await app.get(
        `/api/admin/audit/access?user_id=${app.person('tl').id}&limit=200`,
        'sa',
      );
      const taken = (json.data['events'] as { metadata: Record<string, unknown> }[]).filter(
        ({ metadata }) => metadata['subject_id'] === export_id,
      );
      return taken.length === 2 ? taken : undefined;
    });
    for (const { metadata } of downloads) {
      expect(metadata).to.include({ kind: 'export' });
      expect(metadata['origin']).to.match(/^[\da-f]{40}$/);
    }
    expect(new Set(downloads.map(({ metadata }) => metadata['request_id'])).size).to.equal(2);
  });
});
