import type { Privilege } from '../../lib/api.ts';

/** Who has one of these sees the administration at all. */
export const ADMIN_NEEDS: readonly Privilege[] = [
  'manage_users',
  'manage_privileges',
  'manage_office_hours',
  'manage_tags',
  'manage_templates',
  'manage_faq',
  'manage_channels',
  'dead_letters_read',
  'audit_read',
];
