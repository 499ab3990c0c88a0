/** The files beside a draft: how far each came, and how to stop it. */
import { FileText, ImageIcon, Mic, RotateCw, Video, X } from 'lucide-react';
import { sizeOf } from '../lib/money.ts';
import { cx } from '../ui/classes.ts';
import { takeAway, tryAgain, type Upload } from './uploads.ts';

const ICONS = { image: ImageIcon, audio: Mic, video: Video, document: FileText };

function Item({ one }: { readonly one: Upload }) {
  const Icon = ICONS[one.kind];
  const failed = one.state === 'failed';
  return (
    <li
      className={cx(
        'relative flex min-w-40 items-center gap-2 overflow-hidden rounded-lg border bg-surface py-1 pl-2.5',
        failed ? 'max-w-sm border-danger' : 'max-w-64 border-line',
      )}
    >
      <Icon className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[13px] font-medium">{one.name}</span>
        <span
          role={failed ? 'alert' : undefined}
          className={cx('block text-[12px]', failed ? 'text-danger' : 'truncate text-faint')}
        >
          {failed
            ? one.problem
            : one.state === 'going'
              ? `${String(Math.round(one.part * 100))}%`
              : sizeOf(one.size)}
        </span>
      </span>
      {failed && one.file !== null && (
        <button
          type="button"
          aria-label={`Unggah lagi ${one.name}`}
          title="Unggah lagi"
          onClick={() => tryAgain(one)}
          className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover max-md:size-11"
        >
          <RotateCw className="size-4" aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        aria-label={`${one.state === 'going' ? 'Batalkan' : 'Buang'} ${one.name}`}
        onClick={() => takeAway(one.id)}
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover max-md:size-11"
      >
        <X className="size-4" aria-hidden="true" />
      </button>
      {one.state === 'going' && (
        <progress
          value={one.part}
          aria-label={`Mengunggah ${one.name}`}
          className="absolute inset-x-0 bottom-0 h-0.5 w-full appearance-none [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
        />
      )}
    </li>
  );
}

export function UploadList({ uploads }: { readonly uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul
      aria-label="Berkas untuk pelanggan"
      className="mb-2 flex max-h-40 flex-wrap items-start gap-2 overflow-y-auto"
    >
      {uploads.map((one) => (
        <Item key={one.id} one={one} />
      ))}
    </ul>
  );
}
