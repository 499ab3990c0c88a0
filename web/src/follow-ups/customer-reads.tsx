import { CircleAlert, MessageSquareText } from 'lucide-react';
import type { usePreview } from './queries.ts';
import { Skeleton } from '../ui/states.tsx';
import { variableLabel } from './words.ts';
import { cx } from '../ui/classes.ts';

interface CustomerReadsProps {
  readonly name: string;
  readonly preview: ReturnType<typeof usePreview>;
}

/** The bubble that the customer will see, and what there is to know about it before it goes out. */
export function CustomerReads({ name, preview }: CustomerReadsProps) {
  const { data, isError, error, isFetching, isPlaceholderData } = preview;
  return (
    <section aria-label="Pratinjau" aria-busy={isFetching} className="rounded-xl bg-sunken p-3">
      <h3 className="mb-2 flex items-center gap-1.5 text-[12px] font-medium text-soft">
        <MessageSquareText className="size-3.5" aria-hidden="true" />
        Yang dibaca {name}
      </h3>
      {data !== undefined ? (
        <>
          <p
            className={cx(
              'ml-auto w-fit max-w-[92%] rounded-2xl rounded-br-md bg-own px-3.5 py-2 break-words whitespace-pre-wrap transition-opacity',
              isPlaceholderData && 'opacity-60',
            )}
          >
            {data.text}
          </p>
          <div className="mt-2 flex flex-col gap-1 text-[12px]">
            {data.form === 'template' && (
              <p className="text-soft">Jendela 24 jam sudah tertutup: dikirim sebagai template WhatsApp.</p>
            )}
            {data.missing.length > 0 && (
              <p className="text-warn">
                Belum diketahui, diganti kata umum: {data.missing.map(variableLabel).join(', ')}.
              </p>
            )}
            {data.refusal !== null && (
              <p role="alert" className="flex items-start gap-1.5 font-medium text-danger">
                <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden="true" />
                {data.refusal.message}
              </p>
            )}
          </div>
        </>
      ) : isError ? (
        <p role="alert" className="text-danger">
          {error.message}
        </p>
      ) : isFetching ? (
        <Skeleton className="ml-auto h-16 w-4/5 rounded-2xl" />
      ) : (
        <p className="text-soft">Pilih template atau tulis pesan untuk melihat pratinjau.</p>
      )}
    </section>
  );
}
