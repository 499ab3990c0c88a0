/**
 * Who may do what (docs/design/api.md#roles-and-privileges): the privileges, their defaults, and how far each
 * reaches.
 */
import { z } from 'zod';
import type { Division, Role, UserDivision } from '../vocabulary.ts';

export const PRIVILEGES = [
  'inbox_read',
  'messages_read',
  'reply',
  'reply_as_sa',
  'self_takeover',
  'assign',
  'tag',
  'crm_update',
  'ticket_close',
  'internal_read',
  'internal_write',
  'followup_send',
  'blast_create',
  'blast_approve',
  'analytics_division',
  'analytics_agent',
  'export',
  'presence_self',
  'presence_others',
  'presence_read',
  'audit_read',
  'manage_users',
  'manage_privileges',
  'manage_office_hours',
  'manage_tags',
  'manage_templates',
  'manage_faq',
  'dead_letters_read',
  'dead_letters_replay',
  'customer_erase',
  'manage_channels',
  'customers_manage',
  'job_read',
  'job_create',
  'job_dispatch',
  'job_document',
  'job_pool',
  'job_own',
  'job_report',
  'capacity_manage',
  'rating_read',
  'invoice_draft',
  'invoice_approve',
  'invoice_settle',
] as const;
export const privilege = z.enum(PRIVILEGES);
export type Privilege = z.infer<typeof privilege>;

/** What somebody does who visits customers: nothing of the inbox (docs/design/api.md#roles-and-privileges). */
const OF_TECHNICIANS: readonly Privilege[] = ['job_pool', 'job_own', 'job_report'];

export const DEFAULT_PRIVILEGES: Readonly<Record<Role, readonly Privilege[]>> = {
  super_admin: PRIVILEGES.filter((p) => p !== 'self_takeover' && !OF_TECHNICIANS.includes(p)),
  team_lead: [
    'inbox_read',
    'messages_read',
    'reply',
    'assign',
    'tag',
    'crm_update',
    'ticket_close',
    'internal_read',
    'internal_write',
    'followup_send',
    'blast_create',
    'blast_approve',
    'analytics_division',
    'analytics_agent',
    'export',
    'presence_self',
    'presence_others',
    'presence_read',
    'audit_read',
    'customers_manage',
    'job_read',
    'job_dispatch',
    'rating_read',
    'invoice_approve',
  ],
  sales_agent: [
    'inbox_read',
    'messages_read',
    'reply',
    'self_takeover',
    'tag',
    'crm_update',
    'ticket_close',
    'internal_read',
    'internal_write',
    'followup_send',
    'blast_create',
    'analytics_division',
    'analytics_agent',
    'presence_self',
    'invoice_approve',
  ],
  dispatcher: [
    'inbox_read',
    'messages_read',
    'crm_update',
    'customers_manage',
    'job_read',
    'job_create',
    'job_dispatch',
    'job_document',
    'capacity_manage',
    'rating_read',
    'invoice_draft',
    'invoice_settle',
  ],
  technician: OF_TECHNICIANS,
  viewer: ['inbox_read', 'messages_read'],
};

/** Who drafts, signs or settles invoices reads them (docs/design/field-service.md#invoices). */
export const INVOICE_READERS: readonly Privilege[] = ['invoice_draft', 'invoice_approve', 'invoice_settle'];

/** Who has none of these can give nobody anything back. */
export const ADMINISTRATION: readonly Privilege[] = ['manage_privileges', 'manage_users'];

/**
 * A viewer never reads L2, and a technician sees nothing but jobs, whatever anybody grants
 * (docs/design/api.md#roles-and-privileges).
 */
export const NEVER_GRANTED: Readonly<Record<Role, readonly Privilege[]>> = {
  super_admin: [],
  team_lead: [],
  sales_agent: [],
  dispatcher: [],
  technician: PRIVILEGES.filter((p) => !OF_TECHNICIANS.includes(p)),
  viewer: ['internal_read', 'internal_write'],
};

/** Role set, plus what the person was granted, less what was revoked or can never be had. */
export function effectivePrivileges(
  role: Role,
  ofRole: readonly Privilege[],
  own: { readonly granted: readonly Privilege[]; readonly revoked: readonly Privilege[] },
): readonly Privilege[] {
  const effective = new Set([...ofRole, ...own.granted]);
  for (const removed of [...own.revoked, ...NEVER_GRANTED[role]]) effective.delete(removed);
  return PRIVILEGES.filter((p) => effective.has(p));
}

/** The person behind a request, as they are right now. */
export interface Caller {
  readonly id: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly privileges: ReadonlySet<Privilege>;
}

/**
 * The divisions a person sees: leads and super admins all, others their own
 * (docs/design/api.md#roles-and-privileges).
 */
export function visibleDivision(person: {
  readonly role: Role;
  readonly division: UserDivision;
}): Division | 'all' {
  if (person.role === 'super_admin' || person.role === 'team_lead') return 'all';
  return person.division;
}

/** The one division whose things they see; undefined: all. */
export function ownDivisionOf(person: {
  readonly role: Role;
  readonly division: UserDivision;
}): Division | undefined {
  const seen = visibleDivision(person);
  return seen === 'all' ? undefined : seen;
}

/**
 * Whether what is of that division, `all` for the whole firm, is theirs to see and to change
 * (docs/design/reliability.md#divisions-bind-writes).
 */
export function covers(
  person: { readonly role: Role; readonly division: UserDivision },
  division: UserDivision,
): boolean {
  const seen = visibleDivision(person);
  return seen === 'all' || seen === division;
}

/** May this person see that ticket at all? Own division, or an assignment across divisions. */
export function maySee(
  person: { readonly id: string; readonly role: Role; readonly division: UserDivision },
  ticket: { readonly division: Division; readonly assignee: string | null },
): boolean {
  return covers(person, ticket.division) || ticket.assignee === person.id;
}

/** May this person read the internal notes of that ticket? (docs/design/api.md#roles-and-privileges) */
export function mayReadNotes(
  person: { readonly id: string; readonly role: Role },
  ticket: { readonly assignee: string | null },
): boolean {
  if (person.role === 'viewer') return false;
  return person.role === 'sales_agent' ? ticket.assignee === person.id : true;
}
