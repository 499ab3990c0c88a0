/** What a customer sees behind the link to their invoice (docs/design/field-service.md#links): a page and a PDF. */
import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { tokenHashOf } from '../../commands/invoices/issue-invoice.ts';
import { dayWords } from '../../commands/invoices/send-invoice.ts';
import { written } from '../../domain/problems.ts';
import { invoiceBehind, type WholeInvoice } from '../../projections/invoices/invoices.ts';
import type { Document } from '../../ports.ts';
import { sendDocument } from '../chat/papers.ts';
import { addressGroup } from '../framework/body-budget.ts';
import type { Company } from '../framework/dependencies.ts';
import { type ErrorCode, HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { fileRoute } from '../framework/route.ts';
import { escapeHtml, pageOrEnvelope, sendPage } from '../framework/server/customer-page.ts';

const TAG = 'Field service';
const MINUTE = 60;
/** Looks at links from one address in a minute. */
const LOOKS = 120;
/** Wrong digits of one link in a quarter of an hour; the next one is 429. */
const WRONG = 4;
/** Tries of one link at all in that time, also those that came at once and were judged together. */
const TRIES = 60;
const QUARTER = 15 * MINUTE;

const params = { token: z.string().max(100) };
const query = {
  digits: z.string().max(20).optional().meta({
    description: 'The last four digits of the phone number.',
    example: '0001',
  }),
};
const ERRORS_OF_LINK: readonly ErrorCode[] = [
  'INVOICE_NOT_FOUND',
  'DIGITS_WRONG',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
];

/** @throws HttpError RATE_LIMITED */
export async function admitLink(req: Request, { limiter }: HttpContext): Promise<void> {
  const { allowed, retryAfter } = await limiter.take(`links:${addressGroup(req.ip)}`, LOOKS, MINUTE);
  if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
}

const isSame = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** `asks`: the digits are wanted first. */
type Opened = { readonly asks: true } | { readonly asks: false; readonly invoice: WholeInvoice };

/**
 * Of a customer whose number is not known no digits are asked.
 * @throws HttpError INVOICE_NOT_FOUND, DIGITS_WRONG, RATE_LIMITED
 */
async function open(
  { read, limiter }: HttpContext,
  token: string,
  digits: string | undefined,
): Promise<Opened> {
  const hash = tokenHashOf(token);
  const found = await invoiceBehind(read, hash);
  if (!found) throw new HttpError('INVOICE_NOT_FOUND');
  const wanted = found.phone?.replace(/\D/g, '').slice(-4) ?? '';
  if (wanted.length < 4) return { asks: false, invoice: found.invoice };
  if (digits === undefined) return { asks: true };
  const key = `invoice-digits:${hash}`;
  for (const { allowed, retryAfter } of [
    await limiter.take(`invoice-tries:${hash}`, TRIES, QUARTER),
    await limiter.peek(key, WRONG, QUARTER),
  ])
    if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
  if (isSame(digits, wanted)) return { asks: false, invoice: found.invoice };
  await limiter.take(key, WRONG, QUARTER);
  throw new HttpError('DIGITS_WRONG');
}

const rupiah = (amount: number): string => `Rp${written(amount)}`;
const STATUS: Readonly<Partial<Record<WholeInvoice['status'], string>>> = {
  paid: 'Lunas',
  void: 'Dibatalkan',
};
const TAX_NAMES = {
  dpp_11_12: 'PPN (DPP nilai lain 11/12)',
  besaran_1_1: 'PPN besaran tertentu',
  exempt: 'Dibebaskan dari PPN',
  non_pkp: 'Tidak dikenai PPN',
} as const;

/** Label and amount, from the net price to what is still open. */
const sums = (one: WholeInvoice): readonly (readonly [string, number])[] => [
  ['Jumlah sebelum pajak', one.net],
  ...one.taxes.map(({ scheme, tax }) => [TAX_NAMES[scheme], tax] as const),
  ['Total', one.total],
  ...(one.received > 0 ? [['Sudah diterima', one.received] as const] : []),
  ...(one.withheld > 0 ? [['Pajak dipotong', one.withheld] as const] : []),
  ['Sisa tagihan', one.outstanding],
];

/** Label and text of the head. */
const head = (one: WholeInvoice, company: Company): readonly (readonly [string, string])[] =>
  (
    [
      ['Dari', [company.name, company.address].filter(Boolean).join(', ')],
      ['NPWP', company.npwp],
      ['Untuk', one.bill_to && [one.bill_to.name, one.bill_to.address].filter(Boolean).join(', ')],
      ['NPWP pelanggan', one.bill_to?.npwp],
      ['Tanggal', one.issued_on && dayWords(one.issued_on)],
      ['Jatuh tempo', one.due_on && dayWords(one.due_on)],
      ['Faktur pajak', one.nsfp],
      ['Status', STATUS[one.status] ?? 'Belum lunas'],
      ['Pembayaran ke', one.status === 'paid' || one.status === 'void' ? null : company.bank],
    ] as const
  ).flatMap(([label, text]) => (text ? [[label, text] as const] : []));

const titleOf = ({ number }: WholeInvoice): string => `Tagihan ${number ?? ''}`;

const row = (label: string, value: string, mark = ''): string =>
  `<tr><td class="${mark}">${escapeHtml(label)}</td><td class="n ${mark}">${escapeHtml(value)}</td></tr>`;

function bodyOf(one: WholeInvoice, company: Company, pdf: string): string {
  const lines = one.lines.map(({ description, quantity, unit_price, base }) =>
    row(`${description} (${written(quantity)} × ${rupiah(unit_price)})`, rupiah(base)),
  );
  const heads = head(one, company).map(
    ([label, text]) => `<tr><th>${escapeHtml(label)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  const totals = sums(one).map(([label, amount]) => row(label, rupiah(amount), label === 'Total' ? 't' : ''));
  return (
    `<table>${heads.join('')}</table><table>${lines.join('')}${totals.join('')}</table>` +
    `<a class="b" href="${escapeHtml(pdf)}">Unduh PDF</a>`
  );
}

const ASK =
  '<p>Untuk melihat tagihan ini, isi empat angka terakhir nomor telepon Anda.</p><form method="get">' +
  '<label for="digits">Empat angka terakhir</label><input id="digits" name="digits" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" required autocomplete="off">' +
  '<button>Lihat tagihan</button></form>';

export const publicInvoice = fileRoute({
  path: '/i/:token',
  name: 'openInvoice',
  tag: TAG,
  summary: 'The page of an invoice, for its customer',
  description:
    'HTML, in Indonesian. The link is the credential; the last four digits of the phone number are asked as well. The fifth wrong try is 429. ' +
    'To who does not want HTML an error is the usual envelope.',
  access: 'public',
  admit: admitLink,
  params,
  query,
  errors: ERRORS_OF_LINK,
  examples: { token: '0123456789abcdef0123456789abcdef' },
  send: ({ params: { token }, query: { digits }, req, context }, res) =>
    pageOrEnvelope(req, res, 'Tagihan', async () => {
      const opened = await open(context, token, digits);
      if (opened.asks) {
        sendPage(res, { title: 'Tagihan', body: ASK });
        return;
      }
      const { invoice } = opened;
      const pdf = `/i/${encodeURIComponent(token)}/pdf${digits === undefined ? '' : `?digits=${encodeURIComponent(digits)}`}`;
      sendPage(res, { title: titleOf(invoice), body: bodyOf(invoice, context.config.company, pdf) });
    }),
});

function documentOf(one: WholeInvoice, company: Company): Document {
  const table = (title: string, headings: string[], widths: number[], rows: string[][]) => ({
    kind: 'table' as const,
    title,
    table: { headings, widths, numeric: headings.map((_one, at) => at > 0), rows },
  });
  return {
    title: titleOf(one),
    cover: head(one, company).map(([label, text]) => `${label}: ${text}`),
    footer: `${company.name} · ${titleOf(one)}`,
    landscape: false,
    sections: [
      table(
        'Rincian',
        ['Uraian', 'Jumlah', 'Harga satuan', 'Diskon', 'Nilai'],
        [5, 1, 2, 2, 2],
        one.lines.map(({ description, quantity, unit_price, discount, base }) => [
          ...[description, written(quantity), rupiah(unit_price), rupiah(discount), rupiah(base)],
        ]),
      ),
      table(
        'Jumlah',
        ['', 'Rupiah'],
        [5, 2],
        sums(one).map(([label, amount]) => [label, rupiah(amount)]),
      ),
    ],
  };
}

export const invoicePdf = fileRoute({
  path: '/i/:token/pdf',
  name: 'openInvoicePdf',
  tag: TAG,
  summary: 'The same as a PDF',
  description: 'The same amounts and days, to keep. It asks for the digits as the page does.',
  access: 'public',
  admit: admitLink,
  params,
  query,
  errors: ERRORS_OF_LINK,
  examples: { token: '0123456789abcdef0123456789abcdef' },
  send: ({ params: { token }, query: { digits }, req, context }, res) =>
    pageOrEnvelope(req, res, 'Tagihan', async () => {
      const opened = await open(context, token, digits);
      if (opened.asks) throw new HttpError('DIGITS_WRONG');
      const { number } = opened.invoice;
      const name = `${(number ?? 'tagihan').replaceAll('/', '-')}.pdf`;
      res.setHeader('X-Robots-Tag', 'noindex, nofollow');
      await sendDocument(context, documentOf(opened.invoice, context.config.company), name, res);
    }),
});
