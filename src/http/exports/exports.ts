/** Area: files to take away (docs/design/api.md#exports; docs/design/business-rules.md#exports). */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { MAX_DOWNLOADS } from '../../commands/exports/record-export.ts';
import { excelInput, mayExport, pdfInput, readsExport } from '../../commands/exports/request-export.ts';
import {
  exportKey,
  type ExportKind,
  exportKind,
  type ExportWish,
  reportType,
} from '../../domain/exports/export.ts';
import { userDivision } from '../../domain/vocabulary.ts';
import { findExport, listExports } from '../../projections/exports/exports-view.ts';
import { NOBODY } from '../../ports.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpResponse } from '../framework/request.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { fileRoute, type Route, route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';

const TAG = 'Exports';
/** Seconds after which a file that is being made is worth another look. */
const LOOK_AGAIN = 2;
const LOOK_EVERY_MS = 300;

const requested = z.strictObject({
  download_url: z.string().meta({
    description: 'Needs no token: everybody who has it gets the file. Without PUBLIC_URL a path of this API.',
    example:
      '/api/export/019a9d1e-7c00-7000-8000-000000000701?expires=1783078200&signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  }),
  expires_at: time,
  export_id: id,
});

/** How far an export is: as `GET .../status` and the live stream show it. */
export const exportObject = z
  .strictObject({
    export_id: id,
    status: z.enum(['pending', 'running', 'ready', 'failed', 'expired']),
    progress_pct: z.int().min(0).max(100).meta({ example: 100 }),
    type: exportKind,
    report_type: reportType.nullable(),
    division: userDivision,
    date_range: z.strictObject({ start: z.iso.date(), end: z.iso.date() }),
    size: z.int().nullable().meta({ description: 'Bytes, once it is there.', example: 48_213 }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it failed, or why its file is gone.', example: null }),
    requested_at: time,
    finished_at: time.nullable(),
    expires_at: time,
  })
  .meta({ id: 'Export' });

function answerOf(
  { exportLinks, config }: HttpContext,
  made: { readonly exportId: string; readonly expiresAt: string; readonly position: string },
) {
  const path = exportLinks.pathOf(made.exportId, made.expiresAt);
  return {
    data: {
      download_url: `${config.publicUrl ?? ''}${path}`,
      expires_at: made.expiresAt,
      export_id: made.exportId,
    },
    position: made.position,
  };
}

const WHO =
  'A super admin any division or `all`, others their own (who belongs to `all` has every one). Answers at once: the ' +
  'link waits for the file, 25 s at most, and then says 409 `EXPORT_NOT_READY`; `GET /api/export/{id}/status` and `export` in the live ' +
  'stream tell how far it is. One export of a person runs and five wait; one more is 429 `EXPORT_LIMIT`.';

export const exportExcel = route({
  method: 'post',
  path: '/api/export/excel',
  name: 'exportExcel',
  tag: TAG,
  summary: 'A workbook of a division and period',
  description: `Figures, leads, tickets with their CRM values, agents, lost reasons, routes. ${WHO}`,
  access: 'export',
  body: excelInput,
  status: 201,
  data: requested,
  errors: ['DIVISION_FORBIDDEN', 'EXPORT_LIMIT', 'BUSY'],
  handle: async ({ body, command, context }) =>
    answerOf(context, await context.commands.requestExport(command, 'excel', body)),
});

export const exportPdf = route({
  method: 'post',
  path: '/api/export/pdf',
  name: 'exportPdf',
  tag: TAG,
  summary: 'A report of a division and period to read or print',
  description: `Figures, charts and tables. ${WHO}`,
  access: 'export',
  body: pdfInput,
  status: 201,
  data: requested,
  errors: ['DIVISION_FORBIDDEN', 'EXPORT_LIMIT', 'BUSY'],
  handle: async ({ body, command, context }) =>
    answerOf(context, await context.commands.requestExport(command, 'pdf', body)),
});

export const exportInvoices = route({
  method: 'post',
  path: '/api/export/invoices',
  name: 'exportInvoices',
  tag: TAG,
  summary: 'The invoices of a division and period as a workbook',
  description: `By their day: invoices, lines, months, and a sheet with the columns that the upload of e-Faktur wants. Also wants \`invoice_draft\`, \`invoice_approve\` or \`invoice_settle\`. ${WHO}`,
  access: 'export',
  body: excelInput,
  status: 201,
  data: requested,
  errors: ['DIVISION_FORBIDDEN', 'EXPORT_LIMIT', 'BUSY'],
  handle: async ({ body, command, context }) =>
    answerOf(context, await context.commands.requestExport(command, 'invoices', body)),
});

export const exportJobs = route({
  method: 'post',
  path: '/api/export/jobs',
  name: 'exportJobs',
  tag: TAG,
  summary: 'The jobs of a division and period as a workbook',
  description: `By the day of their window: jobs with who went and how it went, and the figures. Also wants \`job_read\`. ${WHO}`,
  access: 'export',
  body: excelInput,
  status: 201,
  data: requested,
  errors: ['DIVISION_FORBIDDEN', 'EXPORT_LIMIT', 'BUSY'],
  handle: async ({ body, command, context }) =>
    answerOf(context, await context.commands.requestExport(command, 'jobs', body)),
});

export const exports = route({
  method: 'get',
  path: '/api/export',
  name: 'listExports',
  tag: TAG,
  summary: 'What the caller asked for',
  description: 'Newest first, also those whose file is gone.',
  access: 'export',
  query: { limit: limitUpTo(200, 50) },
  status: 200,
  data: z.strictObject({ exports: z.array(exportObject) }),
  errors: [],
  handle: async ({ query, signedIn, context }) => ({
    data: { exports: [...(await listExports(context.read, signedIn.caller.id, query.limit))] },
  }),
});

export const exportStatus = route({
  method: 'get',
  path: '/api/export/:id/status',
  name: 'getExportStatus',
  tag: TAG,
  summary: 'How far an export is',
  description: 'Of an export of your own; a super admin sees everybody’s.',
  access: 'export',
  params: { id },
  status: 200,
  data: exportObject,
  errors: ['EXPORT_NOT_FOUND'],
  async handle({ params, signedIn, context }) {
    const { caller } = signedIn;
    const found = await findExport(context.read, { kind: 'all', userId: NOBODY }, params.id);
    if (!found || (found.requestedBy !== caller.id && caller.role !== 'super_admin'))
      throw new HttpError('EXPORT_NOT_FOUND');
    return { data: found.object };
  },
});

const WORKBOOK = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'] as const;
const TYPES: Readonly<Record<ExportKind, readonly [type: string, extension: string]>> = {
  excel: WORKBOOK,
  invoices: WORKBOOK,
  jobs: WORKBOOK,
  pdf: ['application/pdf', 'pdf'],
};
const REPORT_NAMES = { division_summary: 'ringkasan-divisi', agent_performance: 'kinerja-agen' } as const;
const NAMES: Readonly<Record<ExportKind, string>> = {
  excel: 'laporan',
  invoices: 'tagihan',
  jobs: 'pekerjaan',
  pdf: 'laporan',
};

/** Our own words and digits only: nothing in it needs quoting. */
const fileName = ({ kind, reportType: report, division, start, end }: ExportWish): string =>
  `${report === null ? NAMES[kind] : REPORT_NAMES[report]}-${division}-${start}-${end}.${TYPES[kind][1]}`;

/** Anything at all: what is not what we signed is a bad signature, not a bad form. */
const anything = z.string().max(200);
const SIGNED = { expires: anything.optional(), signature: anything.optional() };

/** A link is as good as the rights of the person who asked for it (docs/design/reliability.md#fair-exports). */
async function mayStillExport({ directory }: HttpContext, wish: ExportWish): Promise<boolean> {
  const requester = await directory.byId(wish.requestedBy);
  return (
    requester?.active === true &&
    requester.privileges.has('export') &&
    readsExport(requester, wish.kind) &&
    mayExport(requester, wish.division)
  );
}

/** The export when it is made, failed or gone; as it is after EXPORT_WAIT_SECONDS, when the client leaves or the server stops. */
async function whenMade({ commands, config, stopping }: HttpContext, exportId: string, res: HttpResponse) {
  const deadline = performance.now() + config.exportWaitMs;
  for (;;) {
    const known = await commands.exports.load(exportId);
    const isUnderWay = known.status === 'pending' || known.status === 'running';
    const isOver = res.closed || stopping?.aborted === true || performance.now() >= deadline;
    if (!isUnderWay || isOver) return known;
    await sleep(LOOK_EVERY_MS, stopping ?? AbortSignal.timeout(LOOK_EVERY_MS));
  }
}

const download = fileRoute({
  path: '/api/export/:id',
  name: 'downloadExport',
  tag: TAG,
  summary: 'Download an export',
  description:
    'The address as `download_url` gave it. The link is the credential: it carries its own file and nothing else, ' +
    'until `expires_at`, or until the person who asked for it is deactivated or may not export that division any more.',
  access: 'public',
  params: { id: anything },
  query: SIGNED,
  errors: [
    'EXPORT_LINK_INVALID',
    'EXPORT_NOT_READY',
    'EXPORT_FAILED',
    'EXPORT_EXPIRED',
    'STORE_UNAVAILABLE',
    'BUSY',
  ],
  examples: { id: '019a9d1e-7c00-7000-8000-000000000701' },
  async send({ params, query, req, info, context }, res) {
    const { expires = '', signature = '', ...others } = query;
    if (Object.keys(others).length > 0 || !context.exportLinks.isGenuine(params.id, expires, signature))
      throw new HttpError('EXPORT_LINK_INVALID');
    if (Number(expires) * 1000 <= context.clock.now().getTime()) throw new HttpError('EXPORT_EXPIRED');
    const { exports } = context.commands;
    const asked = await exports.load(params.id);
    if (asked.status === 'absent' || asked.status === 'expired') throw new HttpError('EXPORT_EXPIRED');
    if (!(await mayStillExport(context, asked.wish))) throw new HttpError('EXPORT_LINK_INVALID');
    const known = await whenMade(context, params.id, res);
    if (known.status === 'absent' || known.status === 'expired') throw new HttpError('EXPORT_EXPIRED');
    // Who waited for it may have lost the right meanwhile.
    if (known !== asked && !(await mayStillExport(context, known.wish)))
      throw new HttpError('EXPORT_LINK_INVALID');
    if (known.status === 'failed') throw new HttpError('EXPORT_FAILED');
    if (known.status !== 'ready') throw new HttpError('EXPORT_NOT_READY', [], LOOK_AGAIN);
    const file = await context.files.open(exportKey(params.id));
    if (!file) throw new HttpError('EXPORT_EXPIRED');
    try {
      // On record before the first byte leaves the house.
      const from = { requestId: info.id, correlationId: info.correlationId, address: req.ip };
      const isCounted = known.downloads < MAX_DOWNLOADS;
      await context.access.exported(known.wish.requestedBy, params.id, from, isCounted);
      await exports.downloaded(params.id);
    } catch (error) {
      file.content.destroy();
      throw error;
    }
    const [type] = TYPES[known.wish.kind];
    res.statusCode = 200;
    res.setHeader('Content-Type', type);
    res.setHeader('Content-Length', file.size);
    res.setHeader('Content-Disposition', `attachment; filename="${fileName(known.wish)}"`);
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    res.setHeader('Cache-Control', 'private, no-store');
    res.setHeader('Referrer-Policy', 'no-referrer');
    await pipeline(file.content, res).catch(() => {
      // Who went away in the middle wants no error page.
      res.destroy();
    });
  },
});

/** A letter changed in the name of a parameter is a changed link as well, and no bad form. */
export const downloadExport: Route = { ...download, query: z.looseObject(SIGNED) };
