/** Our numbers, pages and bots: which division each serves, and whether it sends. */
import { Link } from '@tanstack/react-router';
import { Cable, TriangleAlert } from 'lucide-react';
import { CHANNEL, DIVISION } from '../../lib/id.ts';
import { countBy } from '../../lib/collections.ts';
import { ChannelIcon } from '../../tickets/channel-icon.tsx';
import { useMeta } from '../../tickets/ticket-queries.ts';
import { momentOf } from '../../lib/dates.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, Guarded, Rows } from '../../ui/parts.tsx';
import { Empty } from '../../ui/states.tsx';
import { LINE, type Line, useOperations } from './operations.ts';

const TITLE = 'Channel';

export function ChannelsPage() {
  return (
    <Guarded title={TITLE} needs={['dead_letters_read']}>
      <Page
        title={TITLE}
        actions={
          <Link to="/admin/projections" className={buttonClass('plain', true)}>
            Kesehatan sistem
          </Link>
        }
      >
        <Everything />
      </Page>
    </Guarded>
  );
}

function Everything() {
  const query = useOperations();
  return (
    <Answer query={query}>
      {({ lines }) =>
        lines.length === 0 ? (
          <Empty
            icon={<Cable className="size-6" />}
            title="Belum ada channel yang terhubung"
            hint="Nomor, halaman, dan bot dihubungkan lewat pengaturan server."
          />
        ) : (
          <>
            <Stopped lines={lines} />
            <Rows>
              {lines.map((line) => (
                <li
                  key={`${line.channel} ${line.id}`}
                  className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3"
                >
                  <ChannelIcon channel={line.channel} className="size-5!" />
                  <span className="min-w-40 flex-1">
                    <span className="block font-semibold break-words">
                      {line.name ?? CHANNEL[line.channel]}
                    </span>
                    <span className="block text-[13px] break-all text-faint">
                      {CHANNEL[line.channel]} · {line.id}
                    </span>
                  </span>
                  <Badge tone="grey">{DIVISION[line.division]}</Badge>
                  <Badge tone={LINE[line.state].tone}>{LINE[line.state].word}</Badge>
                  {line.stopped_by !== null && (
                    <span className="w-full text-[13px] text-danger md:pl-9">
                      Sebab: <code className="font-semibold">{line.stopped_by}</code>
                    </span>
                  )}
                </li>
              ))}
            </Rows>
            <Hours lines={lines} />
          </>
        )
      }
    </Answer>
  );
}

function Stopped({ lines }: { readonly lines: readonly Line[] }) {
  const count = lines.filter(({ state }) => state === 'stopped').length;
  if (count === 0) return null;
  return (
    <p role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
      <TriangleAlert className="size-5 shrink-0" aria-hidden="true" />
      {count} channel berhenti mengirim sampai seseorang bertindak. Pesan yang menunggu tidak hilang.
    </p>
  );
}

/** Which division answers now, beside how many lines lead to it. */
function Hours({ lines }: { readonly lines: readonly Line[] }) {
  const { data: meta } = useMeta();
  const counts = countBy(lines, ({ division }) => division);
  if (meta === undefined) return null;
  return (
    <Card title="Divisi sekarang">
      <ul className="divide-y divide-line">
        {meta.divisions.map((one) => (
          <li
            key={one.division}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 first:pt-0 last:pb-0"
          >
            <span className="min-w-40 flex-1 font-medium">{DIVISION[one.division]}</span>
            <span className="text-[13px] text-faint">{counts.get(one.division) ?? 0} channel</span>
            <span className="text-[13px] text-faint">
              {one.is_open
                ? one.next_close_at !== null && `tutup ${momentOf(one.next_close_at)}`
                : one.next_open_at !== null && `buka ${momentOf(one.next_open_at)}`}
            </span>
            <Badge tone={one.is_open ? 'green' : 'grey'}>{one.is_open ? 'Buka' : 'Tutup'}</Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
