/** A visit over HTTP: from the pool to its report, with what a technician brings back. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { expect } from 'chai';
import { openDocument, putDocument, withdrawDocument } from '../../../src/http/field-jobs/documents.ts';
import { fieldServiceFigures } from '../../../src/http/field-jobs/figures.ts';
import { acceptReport, checkIn, checkOut, rejectReport } from '../../../src/http/field-jobs/visits.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { bearer, posting, type Reply } from '../../support/http/http.ts';

const SECRET = 'GPS -6.1754 106.8272';
const PLACE = { lat: -6.1754, lng: 106.8272 };
/** A picture of nothing, in which a phone wrote where it was; `n` makes another one. */
const photo = (n: number): Buffer => {
  const exif = Buffer.from(`Exif\0\0${SECRET} ${String(n)}`);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2]),
    exif,
    Buffer.from([0xff, 0xda, 0, 2, n, 0xff, 0xd9]),
  ]);
};

describe('a visit', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let customer = '';
  let jobs = 0;
  before(async () => {
    app = await startTestProgram();
    const [ticket = ''] = await app.openTickets('sari', 1);
    const shown = await app.get(`/api/admin/ticket/${ticket}`, 'sa');
    customer = (shown.json.data['ticket'] as { customer_id: string }).customer_id;
  });
  after(() => app.close());

  async function send(of: Route, path: string, as: string, body: object = {}): Promise<Reply> {
    const { token } = app.person(as);
    const reply = await app.call(path, { ...posting(body, token), method: of.method.toUpperCase() });
    expectDocumented(of, reply);
    return reply;
  }
  const codeOf = ({ status, json }: Reply): string => (status < 300 ? 'ok' : json.error.code);

  /** A job of sari that technician.sari has, an hour from now. */
  async function takenJob(): Promise<string> {
    // Each is on a day of its own: a technician has four a day.
    const at = Date.now() + 3_600_000 + Math.floor(jobs / 3) * 86_400_000;
    const from = at + (jobs % 3) * 2 * 3_600_000;
    jobs += 1;
    const wanted = {
      customer_id: customer,
      kind: 'survei_kargo',
      problem: 'Survei muatan',
      place: { address: 'Jalan Melati 5', district: 'Gambir', city: 'Jakarta Pusat', ...PLACE },
      window: { from: new Date(from).toISOString(), to: new Date(from + 3_600_000).toISOString() },
      base_price: 350_000,
    };
    const opened = await app.post('/api/admin/jobs', wanted, 'dispatcher.sari');
    expect(opened.status, opened.text).to.equal(201);
    const id = opened.json.data['job_id'] as string;
    const taken = await app.post(`/api/jobs/${id}/take`, {}, 'technician.sari');
    expect(taken.status, taken.text).to.equal(200);
    return id;
  }
  async function put(
    id: string,
    kind: string,
    body: Buffer | string,
    as = 'technician.sari',
  ): Promise<Reply> {
    const headers = { ...bearer(app.person(as).token), 'content-type': 'image/jpeg' };
    const reply = await app.call(`/api/jobs/${id}/documents/${kind}`, {
      method: 'PUT',
      headers,
      body: new Uint8Array(Buffer.from(body)),
    });
    expectDocumented(putDocument, reply);
    return reply;
  }
  const documentOf = async (id: string, kind: string, n: number, as?: string): Promise<string> => {
    const reply = await put(id, kind, photo(n), as);
    expect(reply.status, reply.text).to.equal(200);
    return reply.json.data['document_id'] as string;
  };
  const filed = async (): Promise<number> =>
    (await import('node:fs/promises'))
      .readdir(`${app.environment['FILES_DIR'] ?? ''}/documents`, { recursive: true, withFileTypes: true })
      .then((all) => all.filter((one) => one.isFile()).length);

  it('goes from the check-in to the accepted report', async () => {
    const id = await takenJob();
    const on = (what: string) => `/api/jobs/${id}/${what}`;
    const office = (what: string) => `/api/admin/jobs/${id}/${what}`;
    const letter = await documentOf(id, 'surat_tugas', 1, 'dispatcher.sari');
    const shown = await app.get(`/api/jobs/${id}/documents/${letter}`, 'technician.sari');
    expect(shown.status).to.equal(200);
    expect(shown.headers.get('content-type')).to.equal('image/jpeg');

    expect(codeOf(await send(checkOut, on('check-out'), 'technician.sari'))).to.equal('NOT_CHECKED_IN');
    const far = { lat: -6.2, lng: 106.8272, accuracy: 1_300 };
    const asked = await send(checkIn, on('check-in'), 'technician.sari', far);
    expect([asked.status, codeOf(asked)]).to.deep.equal([400, 'NOTE_AND_PHOTO_REQUIRED']);
    const proof = { note: 'di lobi', photo: await documentOf(id, 'foto', 2) };
    const come = await send(checkIn, on('check-in'), 'technician.sari', { ...far, ...proof });
    expect(come.json.data).to.include({ job_id: id, status: 'in_progress', verdict: 'out' });
    const again = await send(checkIn, on('check-in'), 'technician.sari', { ...PLACE, accuracy: 5 });
    expect(again.json.data['verdict']).to.equal('out');

    expect(codeOf(await send(acceptReport, office('accept'), 'dispatcher.sari'))).to.equal('JOB_NOT_DONE');
    const left = await send(checkOut, on('check-out'), 'technician.sari', { note: 'selesai' });
    expect(left.json.data['status']).to.equal('done');
    const late = await send(checkIn, on('check-in'), 'technician.sari', { ...PLACE, accuracy: 5 });
    expect(codeOf(late)).to.equal('ALREADY_CHECKED_OUT');

    const incomplete = await send(acceptReport, office('accept'), 'dispatcher.sari');
    expect(incomplete.json.error.details?.map(({ path }) => path)).to.deep.equal(['bast', 'bukti']);
    const back = await send(rejectReport, office('reject'), 'dispatcher.sari', { reason: 'BAST belum ada' });
    expect(codeOf(back)).to.equal('ok');
    await documentOf(id, 'bast', 3);
    await documentOf(id, 'bukti', 4);
    expect(codeOf(await send(acceptReport, office('accept'), 'dispatcher.savi'))).to.equal(
      'DIVISION_FORBIDDEN',
    );
    const accepted = await send(acceptReport, office('accept'), 'dispatcher.sari');
    expect(accepted.json.data['job']).to.include({ status: 'completed' });
    expect(codeOf(await put(id, 'bukti', photo(5)))).to.equal('JOB_CLOSED');
  });

  it('tells the one who was replaced who has it now', async () => {
    const id = await takenJob();
    const other = { name: 'Teguh', email: 'teguh@test.saga', password: 'kata sandi untuk tes' };
    const hired = await app.post(
      '/api/admin/users',
      { ...other, role: 'technician', division: 'sari' },
      'sa',
    );
    const to = hired.json.data['user_id'] as string;
    const body = { to, reason: 'tidak datang' };
    const replaced = await app.post(`/api/admin/jobs/${id}/replace`, body, 'dispatcher.sari');
    expect(replaced.status, replaced.text).to.equal(200);
    const reply = await send(checkIn, `/api/jobs/${id}/check-in`, 'technician.sari', {
      ...PLACE,
      accuracy: 5,
    });
    expect([reply.status, codeOf(reply)]).to.deep.equal([409, 'NOT_YOUR_JOB']);
    expect(reply.json.error.details?.[0]).to.deep.include({
      message: 'Pekerjaan ini sekarang milik Teguh',
      params: { technician_id: to },
    });
  });

  it('takes pictures and PDF by their bytes, once, and shows them without their place', async () => {
    const id = await takenJob();
    const first = await put(id, 'bukti', photo(1));
    const twice = await put(id, 'bukti', photo(1));
    expect(twice.json.data).to.deep.equal(first.json.data);
    const { document_id, sha256, size, type } = first.json.data as Record<string, string>;
    expect([type, sha256]).to.deep.equal(['image/jpeg', createHash('sha256').update(photo(1)).digest('hex')]);
    expect(size).to.equal(photo(1).length);

    const path = `/api/jobs/${id}/documents/${document_id ?? ''}`;
    const { token } = app.person('tl');
    const served = await fetch(app.url + path, { headers: bearer(token) });
    const bytes = Buffer.from(await served.arrayBuffer());
    expect(served.headers.get('content-length')).to.equal(String(bytes.length));
    expect(bytes.includes('GPS')).to.equal(false);
    expect(bytes.subarray(0, 4).toString('hex')).to.equal('ffd8ffda');
    const part = await fetch(app.url + path, { headers: { ...bearer(token), range: 'bytes=2-3' } });
    expect([part.status, Buffer.from(await part.arrayBuffer()).toString('hex')]).to.deep.equal([206, 'ffda']);

    const before = await filed();
    const zip = Buffer.from('504b0304', 'hex');
    for (const [body, code] of [
      [zip, 'MEDIA_NOT_SUPPORTED'],
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'MEDIA_NOT_SUPPORTED'],
      ['', 'MEDIA_NOT_SUPPORTED'],
      [Buffer.concat([photo(9), Buffer.alloc(16 * 1024 * 1024)]), 'PAYLOAD_TOO_LARGE'],
    ] as const)
      expect(codeOf(await put(id, 'bukti', body))).to.equal(code);
    expect(codeOf(await put(id, 'foto', Buffer.from('\0\0\0\x18ftypheic')))).to.equal('ok');
    expect(codeOf(await put(id, 'bast', '%PDF-1.7\n'))).to.equal('ok');
    expect(codeOf(await put(id, 'surat_jalan', photo(1)))).to.equal('FORBIDDEN');
    expect(codeOf(await put(id, 'bukti', photo(2), 'technician.savi'))).to.equal('JOB_NOT_FOUND');
    expect((await filed()) - before).to.equal(2);
  });

  it('keeps nothing of an upload that is cut off at ninety of a hundred', async () => {
    const id = await takenJob();
    const before = await filed();
    const whole = Buffer.concat([photo(6), Buffer.alloc(100_000)]);
    const { hostname, port } = new URL(app.url);
    await new Promise<void>((resolve) => {
      const req = request({
        ...{ hostname, port, method: 'PUT', path: `/api/jobs/${id}/documents/bukti` },
        headers: { ...bearer(app.person('technician.sari').token), 'content-length': String(whole.length) },
      });
      req.on('error', () => undefined);
      req.on('close', resolve);
      req.write(whole.subarray(0, 90_000), () => req.destroy());
    });
    await eventually('nothing is left', async () => ((await filed()) === before ? true : undefined));
    const job = (await app.get(`/api/jobs/${id}`, 'technician.sari')).json.data['job'] as {
      documents: unknown[];
    };
    expect(job.documents).to.deep.equal([]);
  });

  it('shows a document of this job only, to whom it concerns, and not once it was withdrawn', async () => {
    const [one, two] = [await takenJob(), await takenJob()];
    const document = await documentOf(one, 'bukti', 7);
    const open = async (id: string, as: string): Promise<string> => {
      const reply = await app.get(`/api/jobs/${id}/documents/${document}`, as);
      if (reply.status !== 200) expectDocumented(openDocument, reply);
      return codeOf(reply);
    };
    expect(await open(two, 'technician.sari')).to.equal('ATTACHMENT_NOT_FOUND');
    expect(await open(one, 'technician.savi')).to.equal('JOB_NOT_FOUND');
    expect(await open(one, 'dispatcher.savi')).to.equal('DIVISION_FORBIDDEN');
    expect(await open(one, 'viewer.sari')).to.equal('FORBIDDEN');
    expect(await open(one, 'dispatcher.sari')).to.equal('ok');
    await eventually('the opening is on record', async () => {
      const log = await app.get('/api/admin/audit/access?limit=50', 'sa');
      const reads = log.json.data['events'] as {
        metadata?: { kind?: string };
        actor: { id: string } | null;
      }[];
      return JSON.stringify(reads).includes('job_document') ? true : undefined;
    });
    const path = `/api/jobs/${one}/documents/${document}`;
    expect((await send(withdrawDocument, path, 'technician.sari')).status).to.equal(204);
    expect(await open(one, 'dispatcher.sari')).to.equal('ATTACHMENT_NOT_FOUND');
  });

  it('counts how they went', async () => {
    const day = (by: number) =>
      new Date(Date.now() + 7 * 3_600_000 + by * 86_400_000).toISOString().slice(0, 10);
    const path = `/api/analytics/field-service?from=${day(0)}&to=${day(9)}`;
    const reply = await app.get(path, 'dispatcher.sari');
    expectDocumented(fieldServiceFigures, reply);
    const { figures, days } = reply.json.data as {
      figures: Record<string, number>;
      days: { jobs: number }[];
    };
    expect(figures).to.deep.include({
      ...{ jobs, cancelled: 0, arrived: 1, on_time_pct: 100, no_shows: 0, completed: 1 },
      // Its report was sent back.
      first_visit_pct: 0,
    });
    expect(figures['median_minutes_to_take']).to.be.within(0, 1);
    expect(days.reduce((sum, one) => sum + one.jobs, 0)).to.equal(jobs);
    const wrong = await app.get(`/api/analytics/field-service?from=${day(9)}&to=${day(0)}`, 'sa');
    expect(codeOf(wrong)).to.equal('VALIDATION_FAILED');
  });
});
