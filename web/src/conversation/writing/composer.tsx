/**
 * Where one writes. Reply and note are components of their own with two sends: no state can make one the other, and only the
 * reply knows files, quotes and quick replies (docs/design/dashboard.md#two-layers).
 */
import { Reply, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Crm, Ticket } from '../../lib/api.ts';
import { useMe } from '../../lib/me.ts';
import { say, type Said } from '../../lib/outbox.ts';
import { FilePicker, filesOf } from '../../media/file-picker.tsx';
import { takesFiles } from '../../media/limits.ts';
import { UploadList } from '../../media/upload-list.tsx';
import { addFiles, takeReady, useUploads } from '../../media/uploads.ts';
import { Frame } from './frame.tsx';
import { holdMs } from './hold.ts';
import { QuickReplyList, useQuickReplies } from './quick-replies.tsx';
import { quote, quoteOf, useQuote } from './quote.ts';

interface ToCustomerProps {
  readonly ticket: Ticket;
  readonly crm: Crm;
  readonly limit: number;
}

function Quoting({ ticketId }: { readonly ticketId: string }) {
  const quoted = useQuote(ticketId);
  if (quoted === null) return null;
  return (
    <p className="mb-2 flex items-center gap-2 rounded-lg border-l-2 border-accent bg-sunken py-1 pr-1 pl-3 text-[13px]">
      <Reply className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span className="sr-only">Membalas: </span>
      <span className="min-w-0 flex-1 truncate">{quoted.preview}</span>
      <button
        type="button"
        aria-label="Jangan kutip"
        onClick={() => quote(ticketId, null)}
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover max-md:size-11"
      >
        <X className="size-4" aria-hidden="true" />
      </button>
    </p>
  );
}

export function ReplyComposer({ ticket, crm, limit }: ToCustomerProps) {
  const me = useMe();
  const { id } = ticket;
  const uploads = useUploads(id);
  const [over, setOver] = useState(false);
  const quick = useQuickReplies(ticket, crm);
  const mayFiles = takesFiles(ticket.channel);
  const send = (text: string): void => {
    const files = takeReady(id);
    const quoted = quoteOf(id);
    quote(id, null);
    const work: Said = {
      kind: 'reply',
      text,
      ...(files.length === 0 ? {} : { files }),
      ...(quoted === null ? {} : { quoted }),
    };
    say(me.id, id, work, holdMs());
  };
  const take = (files: readonly File[]): void => addFiles(ticket, files);
  return (
    <div
      className={over ? 'outline-2 -outline-offset-2 outline-accent' : undefined}
      onDragOver={(event) => {
        if (!mayFiles || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const files = filesOf(event.dataTransfer);
        if (!mayFiles || files.length === 0) return;
        event.preventDefault();
        take(files);
      }}
    >
      <Frame
        ticketId={id}
        layer="L1"
        name="message"
        label={`Balas ke ${ticket.customer_name ?? 'pelanggan'}`}
        placeholder="Tulis balasan, atau / untuk balasan cepat…"
        sendLabel="Kirim ke pelanggan"
        limit={limit}
        above={(around) => (
          <>
            <QuickReplyList quick={quick} around={around} />
            <Quoting ticketId={id} />
            <UploadList uploads={uploads} />
          </>
        )}
        list={quick.list}
        {...(mayFiles ? { tools: <FilePicker onFiles={take} /> } : {})}
        hasMore={uploads.some(({ state }) => state === 'ready')}
        blocked={uploads.some(({ state }) => state !== 'ready')}
        onPaste={(event) => {
          const files = filesOf(event.clipboardData);
          if (!mayFiles || files.length === 0) return;
          event.preventDefault();
          take(files);
        }}
        onSend={send}
      />
    </div>
  );
}

export function TeamReplyComposer({
  ticketId,
  limit,
  onClose,
}: {
  readonly ticketId: string;
  readonly limit: number;
  readonly onClose: () => void;
}) {
  const me = useMe();
  return (
    <Frame
      ticketId={ticketId}
      layer="L1"
      name="message"
      label="Membalas sebagai Saga Team"
      placeholder="Tulis balasan atas nama Saga Team…"
      sendLabel="Kirim sebagai Saga Team"
      limit={limit}
      head={
        <button
          type="button"
          className="min-h-6 text-[12px] font-semibold text-soft underline underline-offset-2 max-md:min-h-11"
          onClick={onClose}
        >
          Batal
        </button>
      }
      onSend={(text) => say(me.id, ticketId, { kind: 'team-reply', text }, holdMs())}
    />
  );
}

interface NoteProps {
  readonly ticketId: string;
  readonly limit: number;
  readonly tagged: string | null;
  readonly tagPicker: ReactNode;
}

export function NoteComposer({ ticketId, limit, tagged, tagPicker }: NoteProps) {
  const me = useMe();
  return (
    <Frame
      ticketId={ticketId}
      layer="L2"
      name="content"
      label="Internal — tidak terlihat pelanggan"
      placeholder="Tulis catatan untuk tim…"
      sendLabel="Simpan catatan internal"
      limit={limit}
      head={tagPicker}
      onSend={(text) => say(me.id, ticketId, { kind: 'note', text, taggedId: tagged })}
    />
  );
}
