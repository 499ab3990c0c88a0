/** What another app shared goes into a talk of one's own: first to whom, then it waits beside the draft until one sends it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileText, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSettled } from '../follow-ups/queries.ts';
import type { Ticket } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { sizeOf } from '../lib/money.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import { useTickets } from '../tickets/inbox/inbox-queries.ts';
import { Avatar } from '../ui/avatar.tsx';
import { StatusBadge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SearchField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Answer, Card, Guarded, MoreRows, Rows, Waiting } from '../ui/parts.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { refusalOf } from './limits.ts';
import { forgetShared, sharedFiles } from './shared.ts';
import { addFiles } from './uploads.ts';

const TITLE = 'Bagikan ke percakapan';

function Preview({ file }: { readonly file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file.type.startsWith('image/')) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <li className="flex min-w-0 items-center gap-3">
      {url === null ? (
        <span className="flex size-14 shrink-0 items-center justify-center rounded-lg bg-sunken text-soft">
          <FileText className="size-6" aria-hidden="true" />
        </span>
      ) : (
        <img src={url} alt="" className="size-14 shrink-0 rounded-lg bg-sunken object-cover" />
      )}
      <span className="min-w-0">
        <span className="block truncate font-medium">{file.name}</span>
        <span className="block text-[13px] text-faint">{sizeOf(file.size)}</span>
      </span>
    </li>
  );
}

export function SharePage() {
  const shared = useQuery({ queryKey: ['shared'], queryFn: sharedFiles, staleTime: 0, gcTime: 0 });
  return (
    <Guarded title={TITLE} needs={['reply']}>
      <Page title={TITLE} narrow>
        <Answer query={shared}>
          {(files) =>
            files.length === 0 ? (
              <Empty
                icon={<Share2 className="size-6" />}
                title="Tidak ada yang dibagikan"
                hint="Bagikan foto atau berkas dari aplikasi lain ke Saga, lalu pilih percakapannya di sini."
              />
            ) : (
              <>
                <Card title="Berkas">
                  <ul className="flex flex-col gap-3">
                    {files.map((file, n) => (
                      <Preview key={n} file={file} />
                    ))}
                  </ul>
                </Card>
                <Choose files={files} />
              </>
            )
          }
        </Answer>
      </Page>
    </Guarded>
  );
}

function Choose({ files }: { readonly files: readonly File[] }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const q = useSettled(text.trim());
  const list = useTickets({ assigned_to: 'me', open: 'true', limit: '50', ...(q === '' ? {} : { q }) });
  const tickets = list.data?.pages.flatMap((page) => page.tickets) ?? [];
  const into = (ticket: Ticket): void => {
    addFiles(ticket, files);
    // A second look at this page must not share it twice.
    void forgetShared().then(() => client.removeQueries({ queryKey: ['shared'] }));
    void navigate({ to: '/t/$ticketId', params: { ticketId: ticket.id }, replace: true });
  };
  return (
    <section aria-label="Percakapan Anda" className="flex flex-col gap-3">
      <SearchField label={t.inbox.search} value={text} onChange={(event) => setText(event.target.value)} />
      {list.isPending ? (
        <Waiting />
      ) : list.isError && tickets.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : tickets.length === 0 ? (
        <Empty
          icon={<Share2 className="size-6" />}
          title="Tidak ada percakapan"
          hint="Hanya tiket yang Anda tangani dapat menerima berkas."
        />
      ) : (
        <>
          <Rows>
            {tickets.map((ticket) => {
              const name = ticket.customer_name ?? ticket.customer_phone ?? t.unknownCustomer;
              const refusal = files
                .map((file) => refusalOf(ticket.channel, file))
                .find((one) => one !== null);
              return (
                <li key={ticket.id} className="flex items-center gap-3 px-4 py-3">
                  <Avatar name={name} mark={<ChannelIcon channel={ticket.channel} />} />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-semibold">{name}</span>
                    <span className="block truncate text-[13px] text-soft">
                      {refusal ?? ticket.last_message_preview}
                    </span>
                  </span>
                  <span className="max-sm:hidden">
                    <StatusBadge status={ticket.status} />
                  </span>
                  <Button
                    small
                    aria-label={`Pilih ${name}`}
                    disabled={ticket.can?.reply !== true || refusal !== undefined}
                    onClick={() => into(ticket)}
                  >
                    Pilih
                  </Button>
                </li>
              );
            })}
          </Rows>
          <MoreRows list={list} />
        </>
      )}
    </section>
  );
}
