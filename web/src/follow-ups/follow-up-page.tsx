/** Follow-Up Hari Ini: whom to write to again, hottest first (dashboard-prd 3.6). */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Flame, Megaphone } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { picked as pickedStore, pick, unpickAll } from '../blasts/picked.ts';
import { useNow } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { without } from '../lib/collections.ts';
import { useStore } from '../lib/store.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Choice, SelectField } from '../ui/field.tsx';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { LeadRow } from './lead-row.tsx';
import { type Lead, leadsQuery, seesAll, useLeads } from './queries.ts';
import { followUpSearch, type FollowUpSearch } from './search.ts';
import { CATEGORIES } from './words.ts';
import { EMPTY } from '../tickets/inbox/words.ts';

const FollowUpDialog = lazy(async () => ({
  default: (await import('./follow-up-dialog.tsx')).FollowUpDialog,
}));

const TITLE = 'Follow-Up Hari Ini';
const OPTIONS = [
  { value: 'all', label: 'Semua' },
  ...CATEGORIES.map((value) => ({ value, label: value })),
] as const;
const DIVISIONS = ['sari', 'savi', 'safia'] as const;

export function FollowUpPage() {
  const me = useMe();
  return me.privileges.includes('followup_send') ? (
    <Shown />
  ) : (
    <Page title={TITLE}>
      <NoPermission />
    </Page>
  );
}

function Shown() {
  const me = useMe();
  const navigate = useNavigate();
  const search = followUpSearch(useSearch({ strict: false }));
  const now = useNow();
  const list = useLeads(leadsQuery(search, me));
  const [open, setOpen] = useState<Lead | null>(null);
  const picked = useStore(pickedStore);
  const mayBlast = me.privileges.includes('blast_create');
  const go = (next: FollowUpSearch): void => void navigate({ to: '/follow-up', search: next, replace: true });
  const others = without(search, 'category');
  const leads = list.data?.pages.flatMap((page) => page.leads) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page
      title={TITLE}
      actions={
        mayBlast && (
          <Link to="/blasts" className={buttonClass()}>
            <Megaphone className="size-4" aria-hidden="true" />
            Blast
          </Link>
        )
      }
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="w-full sm:w-92">
          <Choice
            label="Kategori"
            name="category"
            value={search.category ?? 'all'}
            options={OPTIONS}
            onChange={(next) => go(next === 'all' ? others : { ...others, category: next })}
          />
        </div>
        {seesAll(me) && (
          <div className="w-full sm:w-44">
            <SelectField
              label="Divisi"
              name="division"
              value={search.division ?? ''}
              options={[
                { value: '', label: DIVISION.all },
                ...DIVISIONS.map((value) => ({ value, label: DIVISION[value] })),
              ]}
              onChange={({ target }) => {
                const rest = without(search, 'division');
                const division = DIVISIONS.find((one) => one === target.value);
                go(division === undefined ? rest : { ...rest, division });
              }}
            />
          </div>
        )}
        <Switch
          label="Hanya tiket saya"
          name="whose"
          checked={search.whose === 'me'}
          onChange={(on) => {
            const rest = without(search, 'whose');
            go(on ? { ...rest, whose: 'me' } : rest);
          }}
        />
      </div>
      {list.isPending ? (
        <Loading>
          <div className="flex flex-col gap-px overflow-hidden rounded-2xl border border-line">
            {Array.from({ length: 5 }, (_, n) => (
              <Skeleton key={n} className="h-20 rounded-none" />
            ))}
          </div>
        </Loading>
      ) : list.isError && leads.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : leads.length === 0 ? (
        <div className="rounded-2xl border border-line bg-surface">
          <Empty
            icon={<Flame className="size-6" />}
            title={isFiltered ? 'Tidak ada yang cocok' : 'Tidak ada yang perlu dihubungi'}
            hint={isFiltered ? EMPTY.filtered[1] : 'Rekomendasi baru dibuat setiap malam dari data CRM.'}
          />
        </div>
      ) : (
        <>
          <p className="text-[13px] text-soft tabular-nums" aria-live="polite">
            {total} pelanggan
          </p>
          <ul
            className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface shadow-card"
            aria-busy={list.isPlaceholderData}
          >
            {leads.map((lead) => (
              <LeadRow
                key={lead.id}
                lead={lead}
                now={now}
                picked={!mayBlast ? undefined : lead.opted_out ? null : picked.has(lead.ticket_id)}
                onPick={(on) =>
                  pick(
                    {
                      ticketId: lead.ticket_id,
                      customerId: lead.customer_id,
                      name: lead.customer_name,
                      division: lead.division,
                      category: lead.category,
                      stage: lead.crm_stage,
                    },
                    on,
                  )
                }
                onFollowUp={() => setOpen(lead)}
              />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button
              className="self-center"
              busy={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t.more}
            </Button>
          )}
        </>
      )}
      {picked.size > 0 && (
        <div
          className="rise sticky bottom-3 z-20 flex items-center gap-2 rounded-2xl border border-line bg-raised py-2 pr-2 pl-4 shadow-pop"
          role="region"
          aria-label="Pilihan untuk blast"
        >
          <span className="min-w-0 flex-1 truncate font-medium tabular-nums">{picked.size} dipilih</span>
          <Button small look="quiet" onClick={unpickAll}>
            Kosongkan
          </Button>
          <Link to="/blasts/new" className={buttonClass('primary', true)}>
            Buat blast
          </Link>
        </div>
      )}
      {open !== null && (
        <Suspense>
          <FollowUpDialog
            ticketId={open.ticket_id}
            customerName={open.customer_name}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </Page>
  );
}
