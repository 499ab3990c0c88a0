/** What people see of invoices (docs/design/field-service.md#invoices): the list, and one invoice with its lines. */
import { sql } from 'kysely';
import type { InvoiceStatus } from '../../domain/invoices/invoice.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { NOBODY, type ReadStore, type Scope, type Sql, type WriteStore } from '../../ports.ts';
import type { InvoiceCard } from './invoice-row.ts';

type Shown = Columns<'read.invoices', { position: 'position' }> & {
  readonly card: InvoiceCard;
  readonly draftedBy: string | null;
  readonly approvedBy: string | null;
  readonly rejectedBy: string | null;
};

const nameOf = (member: string): string =>
  `(select u.name from read.users u where u.id = (i.card->>'${member}')::uuid)`;
const SELECT =
  sql.raw(`select i.position, i.card, ${nameOf('drafted_by')} as "draftedBy", ${nameOf('approved_by')} as "approvedBy",
  (select u.name from read.users u where u.id = (i.card->'rejection'->>'by')::uuid) as "rejectedBy"
from read.invoices i`);

type LineColumns = Columns<
  'read.invoice_lines',
  { service: 'service'; description: 'description'; quantity: 'quantity'; tax_scheme: 'tax_scheme' }
>;
type Line = LineColumns & { readonly unit_price: number; readonly discount: number; readonly base: number };

const invoiceObject = ({ card, draftedBy, approvedBy, rejectedBy }: Shown) => {
  const { drafted_by, approved_by, rejection } = card;
  return {
    ...card,
    taxes: [...card.taxes],
    payments: [...card.payments],
    drafted_by: { id: drafted_by, name: draftedBy ?? '' },
    approved_by: approved_by === null ? null : { id: approved_by, name: approvedBy ?? '' },
    rejection: rejection && { ...rejection, by: { id: rejection.by, name: rejectedBy ?? '' } },
    outstanding: card.status === 'void' ? 0 : card.total - card.received - card.withheld,
  };
};
export type InvoiceObject = ReturnType<typeof invoiceObject>;

const page = statement(
  'invoices_page',
  (
    before: string,
    division: Division | null,
    status: InvoiceStatus | null,
    jobId: string | null,
    customerId: string | null,
    most: number,
  ) =>
    sql<Shown>`${SELECT} where i.position < ${before} and (${division}::text is null or i.division = ${division})
and (${status}::text is null or i.status = ${status}) and (${jobId}::uuid is null or i.job_id = ${jobId}::uuid)
and (${customerId}::uuid is null or i.customer_id = ${customerId}::uuid) order by i.position desc limit ${most}`,
);

export interface InvoicesQuery {
  readonly division?: Division | undefined;
  readonly status?: InvoiceStatus | undefined;
  readonly jobId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One page of invoices, the newest draft first. @throws InvalidCursor */
export async function listInvoices(read: ReadStore, scope: Scope, query: InvoicesQuery) {
  const before = readPlace('invoices', query.cursor) ?? BEHIND_ALL;
  const { division = null, status = null, jobId = null, customerId = null, limit } = query;
  const rows = await read.scoped(scope, (on) =>
    on.query(page(before, division, status, jobId, customerId, limit + 1)),
  );
  const { page: shown, nextCursor } = pageOf('invoices', rows, limit);
  return { invoices: shown.map(invoiceObject), nextCursor };
}

const someInvoices = statement(
  'invoices_some',
  (ids: readonly string[]) => sql<Shown>`${SELECT} where i.id = any(${ids}::uuid[])`,
);

/** Those of these ids that the scope shows, without their lines. */
export async function invoicesByIds(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly InvoiceObject[]> {
  return (await read.scoped(scope, (on) => on.query(someInvoices(ids)))).map(invoiceObject);
}

const oneInvoice = statement('invoice_one', (id: string) => sql<Shown>`${SELECT} where i.id = ${id}`);
const linesOfInvoice = statement(
  'invoice_lines_of',
  (id: string) =>
    sql<Line>`select service, description, quantity, unit_price::float8 as unit_price, discount::float8 as discount, tax_scheme, base::float8 as base
from read.invoice_lines where invoice_id = ${id} order by n`,
);

const withLines = async (on: Sql, id: string) => {
  const [[row], lines] = await Promise.all([on.query(oneInvoice(id)), on.query(linesOfInvoice(id))]);
  return row ? { ...invoiceObject(row), lines: [...lines] } : null;
};

/** Null: there is none with this id in the scope. */
export const findInvoice = (read: ReadStore, scope: Scope, id: string) =>
  read.scoped(scope, (on) => withLines(on, id));
export type WholeInvoice = NonNullable<Awaited<ReturnType<typeof findInvoice>>>;

const byToken = statement(
  'invoice_by_token',
  (hash: string) => sql<
    Columns<'read.invoices', { id: 'id'; division: 'division'; customerId: 'customer_id' }> & {
      readonly phone: string | null;
      readonly isErased: boolean | null;
    }
  >`select i.id, i.division, i.customer_id as "customerId", c.phone, c.is_erased as "isErased" from read.invoices i
left join lateral (select k.phone, k.is_erased from read.customers k where k.division = i.division and k.id = (
  select coalesce(o.merged_into, o.id) from read.customers o where o.division = i.division and o.id = i.customer_id)) c on true
where i.token_hash = ${hash}`,
);

/** Behind a customer's link. Null: no such link, or its customer was erased. @param hash SHA-256 of the token */
export async function invoiceBehind(read: ReadStore, hash: string) {
  return read.scoped({ kind: 'all', userId: NOBODY }, async (on) => {
    const [found] = await on.query(byToken(hash));
    if (!found || found.isErased === true) return null;
    const invoice = await withLines(on, found.id);
    return invoice && { invoice, phone: found.phone };
  });
}

const overdue = statement(
  'invoices_overdue',
  (today: string) =>
    sql<Columns<'read.invoices', { id: 'id'; division: 'division' }>>`select id, division from read.invoices
where status in ('issued', 'sent') and due_on < ${today}::date and not was_overdue order by due_on limit 500`,
);

/** Issued, not paid, past their day, and nobody was told. @param today of the business */
export const overdueInvoices = (tables: Pick<WriteStore, 'query'>, today: string) =>
  tables.query(overdue(today));

const left = statement(
  'invoices_issuing',
  (before: string) =>
    sql<
      Columns<'read.invoices', { id: 'id' }>
    >`select id from read.invoices where issuing_since < ${before}::timestamptz order by issuing_since limit 500`,
);

/** Whose number has been on its way since before a moment: the process that took it is gone. */
export const issuesLeft = (tables: Pick<WriteStore, 'query'>, before: Date) =>
  tables.query(left(before.toISOString()));
