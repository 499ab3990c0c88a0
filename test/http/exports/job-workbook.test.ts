/** The jobs of a period as a workbook, over HTTP (docs/design/field-service.md#files-of-jobs). */
import { expect } from 'chai';
import ExcelJS from 'exceljs';
import { exportJobs } from '../../../src/http/exports/exports.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { posting, type Reply } from '../../support/http/http.ts';

const FORMULA = '=HYPERLINK("http://evil.example";"klik")';

describe('the workbook of jobs', function () {
  this.timeout(60_000);
  let app: TestProgram;
  const opened = new Map<'sari' | 'savi', string>();

  async function job(division: 'sari' | 'savi', kind: string): Promise<string> {
    const [ticket = ''] = await app.openTickets(division, 1);
    const shown = await app.get(`/api/admin/ticket/${ticket}`, 'sa');
    const at = Date.parse('2030-03-05T02:00:00Z');
    const reply = await app.post(
      '/api/admin/jobs',
      {
        customer_id: (shown.json.data['ticket'] as { customer_id: string }).customer_id,
        kind,
        problem: FORMULA,
        place: { address: `Jalan ${division}`, district: 'Gambir', city: 'Jakarta Pusat' },
        window: { from: new Date(at).toISOString(), to: new Date(at + 3_600_000).toISOString() },
        base_price: 350_000,
      },
      `dispatcher.${division}`,
    );
    expect(reply.status, reply.text).to.equal(201);
    return reply.json.data['job_id'] as string;
  }

  before(async () => {
    app = await startTestProgram();
    opened.set('sari', await job('sari', 'survei_kargo'));
    opened.set('savi', await job('savi', 'cek_mobil'));
    const taken = await app.post(`/api/jobs/${opened.get('sari') ?? ''}/take`, {}, 'technician.sari');
    expect(taken.status, taken.text).to.equal(200);
  });
  after(() => app.close());

  async function wanted(as: string, division: string, day = '2030-03-05'): Promise<Reply> {
    const body = { division, date_range: { start: day, end: day } };
    const reply = await app.call('/api/export/jobs', posting(body, app.person(as).token));
    expectDocumented(exportJobs, reply);
    return reply;
  }

  /** The rows of the sheet of jobs, by their headings. */
  async function rowsOf(asked: Reply): Promise<Record<string, ExcelJS.CellValue>[]> {
    expect(asked.status, asked.text).to.equal(201);
    const path = String(asked.json.data['download_url']).replace('https://saga.example', '');
    const file = await eventually(
      'the workbook is there',
      async () => {
        const tried = await fetch(app.url + path);
        return tried.status === 409 ? undefined : tried;
      },
      30_000,
    );
    expect(file.headers.get('content-disposition')).to.contain('pekerjaan-');
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await file.arrayBuffer());
    const sheet = book.getWorksheet('Pekerjaan');
    const [headings = [], ...rows] = (sheet?.getSheetValues() ?? []).flatMap((row) =>
      Array.isArray(row) ? [row] : [],
    );
    // exceljs counts columns from one: its rows have a hole in front.
    return rows.map((row) =>
      Object.fromEntries(Array.from(headings, (name, n) => [String(name), row[n] ?? null]).slice(1)),
    );
  }

  it('has each job of the division and period, with who has it and what it costs', async () => {
    const [row, ...others] = await rowsOf(await wanted('tl', 'sari'));
    expect(others).to.deep.equal([]);
    expect(row).to.include({
      'ID pekerjaan': opened.get('sari'),
      Status: 'Diambil',
      Layanan: 'Survei kargo',
      Alamat: 'Jalan sari',
      Teknisi: 'technician.sari',
      'Harga dasar': 350_000,
      'Tidak datang (kali)': 0,
    });
    // 09.00 in Jakarta.
    expect(row?.['Jadwal mulai']).to.deep.equal(new Date('2030-03-05T09:00:00Z'));
    expect(await rowsOf(await wanted('tl', 'sari', '2030-03-06'))).to.deep.equal([]);
  });

  it('has all divisions for who sees all, and lets nothing run as a formula', async () => {
    const rows = await rowsOf(await wanted('sa', 'all'));
    expect(rows.map((row) => row['ID pekerjaan'])).to.have.members([...opened.values()]);
    expect(rows.map((row) => row['Masalah'])).to.deep.equal([`'${FORMULA}`, `'${FORMULA}`]);
  });

  it('is for who may export and read jobs, and its link ends with either', async () => {
    expect((await wanted('dispatcher.sari', 'sari')).status).to.equal(403);
    const { id } = app.person('dispatcher.sari');
    const may = async (privileges: readonly string[]) => {
      const reply = await app.patch(
        `/api/admin/users/${id}`,
        {
          privileges: {
            granted: [...privileges],
            revoked: ['job_read'].filter((one) => !privileges.includes(one)),
          },
        },
        'sa',
      );
      expect(reply.status, reply.text).to.equal(200);
      await app.signInAgain('dispatcher.sari');
    };
    await may(['export', 'inbox_read']);
    expect((await wanted('dispatcher.sari', 'sari')).json.error.code).to.equal('FORBIDDEN');
    await may(['export', 'job_read']);
    expect((await wanted('dispatcher.sari', 'savi')).json.error.code).to.equal('DIVISION_FORBIDDEN');
    const asked = await wanted('dispatcher.sari', 'sari');
    expect(await rowsOf(asked)).to.have.length(1);
    await may(['export', 'inbox_read']);
    const path = String(asked.json.data['download_url']).replace('https://saga.example', '');
    expect((await fetch(app.url + path)).status).to.equal(403);
  });
});
