/** An entry of the audit of the administration, and what there is to look for. */
export interface AdminEntry {
  readonly event: string;
  /** What was changed: the id of a user, a role, a division, the id of a tag, of a job, ... */
  readonly subject: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What an event is about, by the beginning of its name. Every event is of one. */
export const AUDIT_AREAS = {
  people: ['user_', 'role_'],
  settings: ['office_hours_', 'channel_cost_', 'faq_', 'tag_', 'template_', 'projection_'],
  blasts: ['blast_'],
  exports: ['export_'],
  customers: ['customer_', 'consent_'],
  jobs: ['job_'],
  capacity: ['capacity_', 'agenda_', 'technician_'],
  invoices: ['invoice_'],
  ratings: ['rating_'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type AuditArea = keyof typeof AUDIT_AREAS;
export const AUDIT_AREA_NAMES = Object.keys(AUDIT_AREAS) as [AuditArea, ...AuditArea[]];
