/** A file of a talk, from the signed address that its message carries: the address is good for a quarter of an hour. */
import { useQueryClient } from '@tanstack/react-query';
import { Download, FileText, ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { Attachment } from '../lib/api.ts';
import { sizeOf } from '../lib/money.ts';

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

interface ShownProps {
  readonly file: Attachment;
  readonly url: string;
  readonly onError: () => void;
}

function Picture({ file, url, onError }: ShownProps) {
  const { width, height } = file;
  return (
    <a href={url} target="_blank" rel="noopener" className="block overflow-hidden rounded-xl bg-sunken">
      <img
        src={url}
        alt={file.caption ?? file.name ?? 'Foto'}
        loading="lazy"
        decoding="async"
        {...(width === null || height === null ? {} : { width, height })}
        onError={onError}
        className="max-h-80 min-h-24 w-full min-w-40 object-contain"
      />
    </a>
  );
}

function Playable({ file, url, onError }: ShownProps) {
  const label = file.name ?? KIND[file.kind];
  return file.kind === 'audio' ? (
    <audio
      controls
      preload="none"
      src={url}
      aria-label={label}
      onError={onError}
      className="w-64 max-w-full"
    />
  ) : (
    // What a customer filmed has no subtitles.
    <video
      controls
      preload="metadata"
      src={url}
      aria-label={label}
      onError={onError}
      className="max-h-80 w-full rounded-xl bg-sunken"
    />
  );
}

function Other({ file, url }: Omit<ShownProps, 'onError'>) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener"
      className="flex w-full min-w-52 items-center gap-3 rounded-xl border border-line bg-surface px-3 py-2.5 text-ink hover:bg-hover"
    >
      <FileText className="size-5 shrink-0 text-soft" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{file.name ?? KIND[file.kind]}</span>
        <span className="block text-[12px] text-soft">
          {KIND[file.kind]}
          {file.size !== null && ` · ${sizeOf(file.size)}`}
        </span>
      </span>
      <Download className="size-4 shrink-0 text-soft" aria-label="Buka" role="img" />
    </a>
  );
}

export function AttachmentView({ file }: { readonly file: Attachment }) {
  const client = useQueryClient();
  /** The address that did not work: another one comes with the messages, once. */
  const [broken, setBroken] = useState<string | null>(null);
  const { url, reason } = file;
  if (url === null || reason !== null)
    return (
      <p className="flex items-center gap-2 rounded-xl border border-dashed border-line-strong px-3 py-2 text-[13px]">
        <FileText className="size-4 shrink-0" aria-hidden="true" />
        {KIND[file.kind]}: {reason ?? 'belum tersedia'}
      </p>
    );
  const onError = (): void => {
    setBroken(url);
    if (broken !== null) return;
    for (const queryKey of [['messages'], ['customers', 'thread']])
      void client.invalidateQueries({ queryKey });
  };
  if (broken === url && file.kind !== 'document')
    return (
      <p className="flex items-center gap-2 rounded-xl border border-dashed border-line-strong px-3 py-2 text-[13px]">
        <ImageOff className="size-4 shrink-0" aria-hidden="true" />
        {KIND[file.kind]} tidak dapat dimuat
      </p>
    );
  if (file.kind === 'image' || file.kind === 'sticker')
    return <Picture file={file} url={url} onError={onError} />;
  if (file.kind === 'audio' || file.kind === 'video')
    return <Playable file={file} url={url} onError={onError} />;
  return <Other file={file} url={url} />;
}
