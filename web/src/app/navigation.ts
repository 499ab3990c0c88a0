/** The main places, in this order; one that a person may not open is not there (docs/design/dashboard.md#what-one-may-do). */
import {
  Bell,
  ChartColumn,
  Flame,
  Gauge,
  Hand,
  Inbox,
  type LucideIcon,
  ReceiptText,
  Settings,
  Star,
  Users,
  Wrench,
} from 'lucide-react';
import { ADMIN_NEEDS } from './admin/needs.ts';
import type { Me, Privilege } from '../lib/api.ts';
import { t } from '../lib/id.ts';

export interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** One of these is enough; none named: everybody. */
  readonly needs: readonly Privilege[];
  /** After `g`. */
  readonly key: string;
}

export const PLACES: readonly Place[] = [
  { to: '/inbox', label: t.nav.inbox, icon: Inbox, needs: ['inbox_read'], key: 'i' },
  { to: '/customers', label: t.nav.customers, icon: Users, needs: ['inbox_read'], key: 'c' },
  { to: '/jobs', label: 'Pekerjaan', icon: Wrench, needs: ['job_read'], key: 'j' },
  { to: '/pool', label: 'Pool', icon: Hand, needs: ['job_pool'], key: 'p' },
  { to: '/my-jobs', label: 'Pekerjaan', icon: Wrench, needs: ['job_own'], key: 'm' },
  { to: '/follow-up', label: t.nav.followUp, icon: Flame, needs: ['followup_send'], key: 'u' },
  { to: '/supervisor', label: t.nav.supervisor, icon: Gauge, needs: ['presence_read'], key: 's' },
  {
    to: '/analytics',
    label: t.nav.analytics,
    icon: ChartColumn,
    needs: ['analytics_division', 'analytics_agent'],
    key: 'a',
  },
  {
    to: '/invoices',
    label: 'Tagihan',
    icon: ReceiptText,
    needs: ['invoice_draft', 'invoice_approve', 'invoice_settle'],
    key: 't',
  },
  { to: '/ratings', label: 'Penilaian', icon: Star, needs: ['rating_read'], key: 'r' },
  { to: '/notifications', label: t.nav.notifications, icon: Bell, needs: [], key: 'n' },
  { to: '/admin', label: 'Admin', icon: Settings, needs: ADMIN_NEEDS, key: 'd' },
];

export const placesOf = ({ privileges }: Me): readonly Place[] =>
  PLACES.filter(({ needs }) => needs.length === 0 || needs.some((one) => privileges.includes(one)));
