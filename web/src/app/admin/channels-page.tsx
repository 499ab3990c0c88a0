/** Our numbers, pages and bots: which division each serves, how it does, and what can be done about it. */
import { Link } from '@tanstack/react-router';
import { Cable, QrCode, RotateCw, Send, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { api, dataOf } from '../../lib/api.ts';
import { countBy } from '../../lib/collections.ts';
import { momentOf } from '../../lib/dates.ts';
import { CHANNEL, DIVISION } from '../../lib/id.ts';
import { useMay } from '../../lib/me.ts';
import { ChannelIcon } from '../../tickets/channel-icon.tsx';
import { useMeta } from '../../tickets/ticket-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, Guarded, Rows, useAdminCommand } from '../../ui/parts.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { QrDialog, TestDialog } from './line-dialogs.tsx';
import { linesKey, providerOf, STATE, useLines, type WatchedLine } from './lines.ts';

const TITLE = 'Channel';

export function ChannelsPage() {
  const mayOperate = useMay('dead_letters_read');
  return (
    <Guarded title={TITLE} needs={['manage_channels']}>
      <Page
        title={TITLE}
        actions={
          mayOperate && (
            <Link to="/admin/projections" className={buttonClass('plain', true)}>
              Kesehatan sistem
            </Link>
          )
        }
      >
        <Everything />
      </Page>
    </Guarded>
  );
}

function Everything() {
  const query = useLines();
  const [shown, setShown] = useState<{ readonly what: 'qr' | 'test'; readonly line: WatchedLine } | null>(
    null,
  );
  const close = (): void => setShown(null);
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
                <LineRow
                  key={`${line.channel} ${line.id}`}
                  line={line}
                  onQr={() => setShown({ what: 'qr', line })}
                  onTest={() => setShown({ what: 'test', line })}
                />
              ))}
            </Rows>
            <Hours lines={lines} />
            {shown?.what === 'qr' && <QrDialog line={shown.line} onClose={close} />}
            {shown?.what === 'test' && <TestDialog line={shown.line} onClose={close} />}
          </>
        )
      }
    </Answer>
  );
}

function LineRow({
  line,
  onQr,
  onTest,
}: {
  readonly line: WatchedLine;
  readonly onQr: () => void;
  readonly onTest: () => void;
}) {
  const restart = useAdminCommand(
    () => dataOf(api.POST('/api/admin/channels/{id}/restart', { params: { path: { id: line.id } } })),
    { changes: [linesKey] },
  );
  const { word, tone, hint } = STATE[line.state];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <ChannelIcon channel={line.channel} className="size-5!" />
      <span className="min-w-40 flex-1">
        <span className="block font-semibold break-words">{line.name ?? CHANNEL[line.channel]}</span>
        <span className="block text-[13px] break-all text-faint">
          {providerOf(line)} · {line.id}
        </span>
      </span>
      <Badge tone="grey">{DIVISION[line.division]}</Badge>
      <span title={line.detail ?? undefined}>
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span className="flex gap-1.5">
        {line.can.includes('qr') && line.state === 'scan' && (
          <Button small onClick={onQr}>
            <QrCode className="size-4" aria-hidden="true" />
            Kode QR
          </Button>
        )}
        {line.can.includes('restart') && (
          <Button
            small
            busy={restart.isPending}
            onClick={() =>
              restart.mutate(undefined, {
                onSuccess: ({ restarted }) =>
                  toast(restarted ? 'Nomor dimulai ulang.' : 'Penyedia layanan menolak. Coba lagi nanti.'),
              })
            }
          >
            <RotateCw className="size-4" aria-hidden="true" />
            Mulai ulang
          </Button>
        )}
        {line.channel !== 'web' && (
          <Button small onClick={onTest}>
            <Send className="size-4" aria-hidden="true" />
            Uji
          </Button>
        )}
      </span>
      <span className="w-full text-[13px] text-faint md:pl-9">
        {hint !== undefined && <span className="text-ink">{hint} </span>}
        {line.last_inbound_at === null
          ? 'Belum ada pesan masuk'
          : `Masuk terakhir ${momentOf(line.last_inbound_at)}`}
        {line.last_outbound_at !== null && ` · keluar terakhir ${momentOf(line.last_outbound_at)}`}
      </span>
    </li>
  );
}

function Stopped({ lines }: { readonly lines: readonly WatchedLine[] }) {
  const count = lines.filter(({ state }) => state === 'stopped' || state === 'scan').length;
  if (count === 0) return null;
  return (
    <p role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
      <TriangleAlert className="size-5 shrink-0" aria-hidden="true" />
      {count} channel berhenti sampai seseorang bertindak. Pesan yang menunggu tidak hilang.
    </p>
  );
}

/** Which division answers now, and how many lines lead to it. */
function Hours({ lines }: { readonly lines: readonly WatchedLine[] }) {
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
