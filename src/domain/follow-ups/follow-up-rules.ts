/**
 * Which tickets are worth a follow-up, and why (docs/design/business-rules.md#follow-up-recommendations): the rules
 * as data. First match wins.
 */
import type { Stage } from '../crm/crm.ts';
import type { Values } from '../crm/fields.ts';
import type { Division } from '../vocabulary.ts';

export const CATEGORIES = ['PANAS', 'HANGAT', 'DINGIN'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What the rules look at. */
export interface Lead {
  readonly division: Division;
  readonly open: boolean;
  readonly stage: Stage;
  readonly values: Values;
  /** ISO 8601. */
  readonly lastActivityAt: string;
}

/** When they look: the moment, and the business day it falls on (ISO day). */
export interface Night {
  readonly at: string;
  readonly day: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days: 2 days, 23 hours and 59 minutes are 2. */
const idle = (lead: Lead, { at }: Night): number =>
  Math.floor((Date.parse(at) - Date.parse(lead.lastActivityAt)) / DAY_MS);

/** Calendar days from `from` to `to`, both ISO days; null where one is not known. */
const daysBetween = (from: unknown, to: unknown): number | null =>
  typeof from === 'string' && typeof to === 'string'
    ? Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
    : null;

const atLeast = (least: number, days: number | null): number | null =>
  days !== null && days >= least ? days : null;

interface Rule {
  /** Stored with each recommendation, for ever. */
  readonly name: string;
  readonly category: Category;
  /** `{n}`: the days that `matches` counted. */
  readonly reason: string;
  /** Also tickets that are closed. */
  readonly closedToo?: true;
  /** @returns the days to name in the reason; null: does not match */
  matches(lead: Lead, night: Night): number | null;
}

export const CANCELLED_PLAN = 'cancelled_plan';

export const RULES: readonly Rule[] = [
  {
    name: 'proposal_idle',
    category: 'PANAS',
    reason: 'Proposal sudah {n} hari tanpa respons',
    matches: (lead, night) => (lead.stage === 'Proposal' ? atLeast(3, idle(lead, night)) : null),
  },
  {
    name: 'survey_idle',
    category: 'PANAS',
    reason: 'Survei sudah selesai, {n} hari tanpa keputusan',
    matches: (lead, night) =>
      lead.division === 'safia' && lead.stage === 'Qualified' && lead.values['survey_show_up'] === true
        ? atLeast(5, idle(lead, night))
        : null,
  },
  {
    name: 'qualified_idle',
    category: 'HANGAT',
    reason: 'Lead qualified sudah {n} hari tidak ada aktivitas',
    matches: (lead, night) => (lead.stage === 'Qualified' ? atLeast(5, idle(lead, night)) : null),
  },
  {
    name: 'recurring',
    category: 'HANGAT',
    reason: 'Pelanggan rutin, order terakhir {n} hari lalu',
    matches: ({ division, values }, { day }) =>
      division === 'sari' && values['is_recurring'] === true
        ? atLeast(30, daysBetween(values['last_order_date'], day))
        : null,
  },
  {
    name: CANCELLED_PLAN,
    category: 'DINGIN',
    reason: 'Rencana dibatalkan, layak dihubungi ulang',
    closedToo: true,
    matches: ({ values }) => (values['lost_reason'] === 'cancelled_plan' ? 0 : null),
  },
  {
    name: 'moving_soon',
    category: 'DINGIN',
    reason: 'Rencana pindah dalam {n} hari, belum konfirmasi',
    matches: ({ division, stage, values }, { day }) => {
      const days = daysBetween(day, values['desired_move_date']);
      if (division !== 'safia' || stage === 'Won' || days === null || days > 14) return null;
      return atLeast(0, days);
    },
  },
];

export interface Advice {
  readonly rule: string;
  readonly category: Category;
  /** Indonesian, for the agent. */
  readonly reason: string;
}

/** The first rule that matches; null when none does. */
export function adviceFor(lead: Lead, night: Night): Advice | null {
  for (const { name, category, reason, closedToo, matches } of RULES) {
    if (!lead.open && closedToo !== true) continue;
    const days = matches(lead, night);
    if (days !== null) return { rule: name, category, reason: reason.replace('{n}', String(days)) };
  }
  return null;
}
