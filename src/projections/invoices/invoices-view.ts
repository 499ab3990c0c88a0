/** The view of invoices and their lines (docs/design/field-service.md#invoices). */
import { sql } from 'kysely';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoSql, storable, storableJson } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import { evolveInvoiceRow, type InvoiceCard, type InvoiceRow } from './invoice-row.ts';

type StoredInvoice = Columns<
  'read.invoices',
  { position: 'position'; tokenHash: 'token_hash'; wasOverdue: 'was_overdue' }
> & { readonly card: InvoiceCard; readonly issuingSince: string | null };

const storedInvoices = statement(
  'invoices_load',
  (divisions: readonly string[], ids: readonly string[]) =>
    sql<StoredInvoice>`select position, token_hash as "tokenHash", was_overdue as "wasOverdue",
  ${sql.raw(isoSql('issuing_since'))} as "issuingSince", card
from read.invoices where division = any(${divisions}) and id = any(${ids}::uuid[])`,
);

const writeInvoices = (on: Sql, rows: readonly InvoiceRow[]): Promise<unknown> =>
  on.query(
    write(
      'invoices_write',
      `insert into read.invoices (division, id, position, job_id, customer_id, status, number, issued_on, due_on, token_hash,
  net, tax, total, received, withheld, paid_on, was_overdue, issuing_since, card)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::date[], $9::date[],
  $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::date[], $17::boolean[], $18::timestamptz[],
  $19::json[])
on conflict (division, id) do update set status = excluded.status, number = excluded.number, issued_on = excluded.issued_on,
  due_on = excluded.due_on, token_hash = excluded.token_hash, net = excluded.net, tax = excluded.tax, total = excluded.total,
  received = excluded.received, withheld = excluded.withheld, paid_on = excluded.paid_on,
  was_overdue = excluded.was_overdue, issuing_since = excluded.issuing_since, card = excluded.card`,
      columnsOf('read.invoices', rows, {
        division: ({ card }) => card.division,
        id: ({ card }) => card.id,
        position: (row) => row.position,
        job_id: ({ card }) => card.job_id,
        customer_id: ({ card }) => card.customer_id,
        status: ({ card }) => card.status,
        number: ({ card }) => card.number,
        issued_on: ({ card }) => card.issued_on,
        due_on: ({ card }) => card.due_on,
        token_hash: (row) => row.tokenHash,
        net: ({ card }) => card.net,
        tax: ({ card }) => card.total - card.net,
        total: ({ card }) => card.total,
        received: ({ card }) => card.received,
        withheld: ({ card }) => card.withheld,
        paid_on: ({ card }) => card.paid_on,
        was_overdue: (row) => row.wasOverdue,
        issuing_since: (row) => row.issuingSince,
        card: ({ card }) => storableJson(card),
      }),
    ),
  );

type ContentEvent = RecordedOf<'InvoiceDrafted' | 'InvoiceRevised'>;

/** The lines of the newest content of each invoice, in place of those that were. */
async function writeLines(on: Sql, events: readonly Recorded[]): Promise<void> {
  const newest = new Map(
    events
      .filter(
        (event): event is ContentEvent => event.type === 'InvoiceDrafted' || event.type === 'InvoiceRevised',
      )
      .map(({ data }) => [data.invoiceId, data]),
  );
  if (newest.size === 0) return;
  await on.query(
    write(
      'invoice_lines_clear',
      'delete from read.invoice_lines where division = any($1) and invoice_id = any($2::uuid[])',
      [[...new Set([...newest.values()].map(({ division }) => division))], [...newest.keys()]],
    ),
  );
  const lines = [...newest.values()].flatMap(({ division, invoiceId, lines: all }) =>
    all.map((line, n) => ({ division, invoiceId, n, ...line })),
  );
  await on.query(
    write(
      'invoice_lines_write',
      `insert into read.invoice_lines (division, invoice_id, n, service, description, quantity, unit_price, discount, tax_scheme, base)
select * from unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[])`,
      columnsOf('read.invoice_lines', lines, {
        division: (line) => line.division,
        invoice_id: (line) => line.invoiceId,
        n: (line) => line.n,
        service: (line) => storable(line.service),
        description: (line) => storable(line.description),
        quantity: (line) => line.quantity,
        unit_price: (line) => line.unitPrice,
        discount: (line) => line.discount,
        tax_scheme: (line) => line.taxScheme,
        base: (line) => line.base,
      }),
    ),
  );
}

const OF_NUMBERS = 'InvoiceNumberTaken';

/** The view `read.invoices` and `read.invoice_lines`. */
export const invoicesView = (): View => ({
  name: 'invoices',
  streams: ['invoice-'],
  tables: ['invoices', 'invoice_lines'],
  forget: () => undefined,
  async apply(on, events) {
    const told = events.flatMap((event) =>
      'invoiceId' in event.data && event.type !== OF_NUMBERS
        ? [{ event, id: event.data.invoiceId, division: event.data.division }]
        : [],
    );
    if (told.length === 0) return undefined;
    const divisions = [...new Set(told.map(({ division }) => division))];
    const stored = await on.query(storedInvoices(divisions, [...new Set(told.map(({ id }) => id))]));
    const rows = new Map<string, InvoiceRow>(stored.map((row) => [row.card.id, row]));
    const changed = new Map<string, InvoiceRow>();
    for (const { event, id } of told) {
      const before = rows.get(id);
      const after = evolveInvoiceRow(before, event);
      if (after === undefined || after === before) continue;
      rows.set(id, after);
      changed.set(id, after);
    }
    if (changed.size > 0) await writeInvoices(on, [...changed.values()]);
    await writeLines(on, events);
    return undefined;
  },
});
