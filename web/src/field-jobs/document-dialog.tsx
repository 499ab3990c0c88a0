/** One paper or picture of a visit. Opening it is on record, so it is asked for only when somebody looks. */
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { api, whole } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import type { Job } from './office/queries.ts';
import { DOCUMENT } from './office/words.ts';

type Document = Job['documents'][number];

const isShown = (type: string): boolean => /^image\/(?:jpeg|png|webp)$/.test(type);

/** @throws ApiError */
async function fileOf(id: string, document: Document): Promise<Blob> {
  const params = { path: { id, document: document.id } };
  const asked = api.GET('/api/jobs/{id}/documents/{document}', { params, parseAs: 'blob' });
  await whole(asked);
  return new Blob([(await asked).data ?? ''], { type: document.type });
}

export function DocumentDialog({
  jobId,
  document,
  action,
  onClose,
}: {
  readonly jobId: string;
  readonly document: Document;
  /** What else one may do with it. */
  readonly action?: ReactNode;
  readonly onClose: () => void;
}) {
  const file = useQuery({
    queryKey: ['job-document', document.id],
    queryFn: () => fileOf(jobId, document),
    gcTime: 0,
  });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (file.data === undefined) return;
    const made = URL.createObjectURL(file.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file.data]);
  const name = DOCUMENT[document.kind];
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={name}
      foot={
        <>
          {action}
          {url !== null && (
            <a
              href={url}
              download={`${document.kind}-${document.id.slice(-6)}.${document.type.split('/')[1] ?? 'bin'}`}
              className={buttonClass()}
            >
              <Download className="size-4" aria-hidden="true" />
              Unduh
            </a>
          )}
          <Button onClick={onClose}>{t.close}</Button>
        </>
      }
    >
      {file.isError ? (
        <Failed error={file.error} retry={() => void file.refetch()} />
      ) : url === null ? (
        <Loading>
          <Skeleton className="h-64 rounded-xl" />
        </Loading>
      ) : isShown(document.type) ? (
        <img src={url} alt={name} className="mx-auto max-h-[60dvh] rounded-xl object-contain" />
      ) : (
        <p className="text-soft">Berkas ini tidak dapat ditampilkan di sini. Unduh untuk membukanya.</p>
      )}
    </Dialog>
  );
}
