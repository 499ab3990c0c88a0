/** A file of a customer. Pictures come when they are looked at; all else on request. */
import { useQuery } from '@tanstack/react-query';
import { Download, FileText, ImageOff, Mic, Video } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, type Attachment } from '../lib/api.ts';
import { Spinner } from '../ui/button.tsx';
import { toast } from '../ui/toast.tsx';

const KIND: Record<Attachment['kind'], string> = {
  image: 'Foto',
  audio: 'Pesan suara',
  video: 'Video',
  document: 'Dokumen',
  sticker: 'Stiker',
  location: 'Lokasi',
  contact: 'Kontak',
  other: 'Berkas',
};
const sizeOf = (bytes: number): string =>
  bytes < 1_048_576
    ? `${String(Math.max(1, Math.round(bytes / 1024)))} KB`
    : `${(bytes / 1_048_576).toFixed(1).replace('.', ',')} MB`;

interface FileProps {
  readonly ticketId: string;
  readonly file: Attachment;
}

const fetchFile = async (ticketId: string, { id }: Attachment, signal?: AbortSignal): Promise<Blob> => {
  const params = { path: { id: ticketId, attachment_id: id } };
  const { data, response } = await api.GET('/api/admin/ticket/{id}/attachments/{attachment_id}', {
    params,
    parseAs: 'blob',
    ...(signal && { signal }),
  });
  if (!response.ok || !(data instanceof Blob)) throw new Error(`attachment: HTTP ${String(response.status)}`);
  return data;
};

/** @returns an address that is given back when nobody looks any more */
function useFileUrl({ ticketId, file }: FileProps, wanted: boolean): { url: string | null; failed: boolean } {
  const { data, isError } = useQuery({
    queryKey: ['file', file.id],
    queryFn: ({ signal }) => fetchFile(ticketId, file, signal),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: 1,
  });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (data === undefined) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [data]);
  return { url, failed: isError };
}

function Picture(props: FileProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (frame.current === null) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '200px' },
    );
    watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, []);
  const { url, failed } = useFileUrl(props, seen);
  return (
    <div
      ref={frame}
      className="flex min-h-40 min-w-52 items-center justify-center overflow-hidden rounded-xl bg-sunken text-faint"
    >
      {url !== null ? (
        <a href={url} target="_blank" rel="noopener" className="block">
          <img
            src={url}
            alt={props.file.name ?? 'Foto dari pelanggan'}
            className="max-h-80 w-full object-contain"
          />
        </a>
      ) : failed ? (
        <ImageOff className="size-6" role="img" aria-label="Foto tidak dapat dimuat" />
      ) : (
        <Spinner />
      )}
    </div>
  );
}

function Other({ ticketId, file }: FileProps) {
  const [busy, setBusy] = useState(false);
  const Icon = file.kind === 'audio' ? Mic : file.kind === 'video' ? Video : FileText;
  const name = file.name ?? KIND[file.kind];
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const url = URL.createObjectURL(await fetchFile(ticketId, file));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch {
      toast('Berkas tidak dapat diunduh. Coba lagi.', 'problem');
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      disabled={busy}
      onClick={() => void save()}
      className="flex w-full min-w-52 items-center gap-3 rounded-xl border border-line bg-surface px-3 py-2.5 text-left text-ink hover:bg-hover"
    >
      <Icon className="size-5 shrink-0 text-soft" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className="block text-[12px] text-faint">
          {KIND[file.kind]}
          {file.size !== null && ` · ${sizeOf(file.size)}`}
        </span>
      </span>
      {busy ? <Spinner /> : <Download className="size-4 shrink-0 text-soft" aria-label="Unduh" role="img" />}
    </button>
  );
}

export function AttachmentView({ ticketId, file }: FileProps) {
  if (file.reason !== null)
    return (
      <p className="flex items-center gap-2 rounded-xl border border-dashed border-line-strong px-3 py-2 text-[13px]">
        <FileText className="size-4 shrink-0" aria-hidden="true" />
        {KIND[file.kind]}: {file.reason}
      </p>
    );
  if (file.kind === 'image' || file.kind === 'sticker') return <Picture ticketId={ticketId} file={file} />;
  return <Other ticketId={ticketId} file={file} />;
}
