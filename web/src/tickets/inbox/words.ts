/** Words of the filters, which the first load does without. */
import type { Ticket } from '../../lib/api.ts';
import type { FilterName } from './desk-search.ts';

export const FILTER_NAME: Record<FilterName, string> = {
  division: 'Divisi',
  status: 'Status',
  queue_status: 'Antrian',
  channel: 'Channel',
  crm_stage: 'Tahap CRM',
  assigned_to: 'Ditangani oleh',
  tag: 'Tag',
};

export const QUEUE: Record<NonNullable<Ticket['queue_status']>, string> = {
  free: 'Bot aktif (FREE)',
  queued: 'Antrian',
  assigned: 'Ditangani',
  off_hours: 'Di luar jam kerja',
};
