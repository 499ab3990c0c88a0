/** How far each file came, and another try for what did not get through. */
import { RotateCw, X } from 'lucide-react';
import { sizeOf } from '../lib/money.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { type DocumentUpload, throwAway, uploadAgain } from './document-uploads.ts';

export function UploadRows({ uploads }: { readonly uploads: readonly DocumentUpload[] }) {
  return uploads.map((one) => {
    const failed = one.state === 'failed';
    return (
      <li
        key={one.id}
        className={cx(
          'relative flex items-center gap-1 overflow-hidden rounded-xl border py-1 pl-3',
          failed ? 'border-danger' : 'border-line',
        )}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{one.file.name}</span>
          <span
            role={failed ? 'alert' : undefined}
            className={cx('block text-[13px]', failed ? 'text-danger' : 'text-faint')}
          >
            {failed ? one.problem : `${String(Math.round(one.part * 100))}% dari ${sizeOf(one.file.size)}`}
          </span>
        </span>
        {failed && (
          <IconButton label={`Unggah lagi ${one.file.name}`} onClick={() => uploadAgain(one)}>
            <RotateCw className="size-[18px]" aria-hidden="true" />
          </IconButton>
        )}
        <IconButton
          label={`${failed ? 'Buang' : 'Batalkan'} ${one.file.name}`}
          onClick={() => throwAway(one.id)}
        >
          <X className="size-[18px]" aria-hidden="true" />
        </IconButton>
        {!failed && (
          <progress
            value={one.part}
            aria-label={`Mengunggah ${one.file.name}`}
            className="absolute inset-x-0 bottom-0 h-1 w-full appearance-none [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
          />
        )}
      </li>
    );
  });
}
