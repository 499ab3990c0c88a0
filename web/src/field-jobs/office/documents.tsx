/** Papers and pictures of a visit: seen, added, withdrawn (docs/design/field-service.md#documents). */
import { FileText, Trash2, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, dataOf, whole } from '../../lib/api.ts';
import { t } from '../../lib/id.ts';
import { sizeOf } from '../../lib/money.ts';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/parts.tsx';
import { Failed, Loading, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Job, useJobCommand } from './queries.ts';
import { DOCUMENT, DOCUMENT_KINDS, type DocumentKind } from './words.ts';

type JobDocument = Job['documents'][number];
const MOST_BYTES = 15_000_000;

export function Documents({ job, mayChange }: { readonly job: Job; readonly mayChange: boolean }) {
  const [shown, setShown] = useState<JobDocument | null>(null);
  const withdraw = useJobCommand(
    (document_id: string) =>
      dataOf(
        api.DELETE('/api/jobs/{id}/documents/{document_id}', {
          params: { path: { id: job.id, document_id } },
        }),
      ),
    'Dokumen ditarik.',
  );
  const [removing, setRemoving] = useState<JobDocument | null>(null);
  return (
    <Card title="Dokumen" hint="Setiap pembukaan dokumen tercatat.">
      {job.documents.length === 0 ? (
        <p className="text-soft">Belum ada dokumen.</p>
      ) : (
        <ul className="-mx-2">
          {job.documents.map((one) => (
            <li key={one.id} className="flex items-center gap-1">
              <button
                type="button"
                onClick={() => setShown(one)}
                className="focus-inside flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2 text-left hover:bg-hover"
              >
                <FileText className="size-4 shrink-0 text-soft" aria-hidden="true" />
                <span className="min-w-0 flex-1 font-medium">{DOCUMENT[one.kind]}</span>
                <span className="text-[12px] text-faint">
                  {one.type.split('/')[1]?.toUpperCase()} · {sizeOf(one.size)}
                </span>
              </button>
              {mayChange && (
                <IconButton label={`Tarik ${DOCUMENT[one.kind]}`} onClick={() => setRemoving(one)}>
                  <Trash2 className="size-4" aria-hidden="true" />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && <Add jobId={job.id} />}
      {shown !== null && <Shown jobId={job.id} document={shown} onClose={() => setShown(null)} />}
      {removing !== null && (
        <Dialog
          open
          onClose={() => setRemoving(null)}
          title={`Tarik ${DOCUMENT[removing.kind]}?`}
          hint="Dokumen ini tidak ditampilkan lagi."
          foot={
            <>
              <Button onClick={() => setRemoving(null)}>{t.cancel}</Button>
              <Button
                look="danger"
                busy={withdraw.isPending}
                onClick={() => withdraw.mutate(removing.id, { onSettled: () => setRemoving(null) })}
              >
                Tarik
              </Button>
            </>
          }
        />
      )}
    </Card>
  );
}

function Add({ jobId }: { readonly jobId: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<DocumentKind>('surat_tugas');
  const upload = useJobCommand(
    (file: File) =>
      dataOf(
        api.PUT('/api/jobs/{id}/documents/{kind}', {
          params: { path: { id: jobId, kind } },
          // The bytes as they are: the API document calls them a string.
          body: file as unknown as string,
          bodySerializer: (body) => body,
          headers: { 'content-type': 'application/octet-stream' },
        }),
      ),
    'Dokumen disimpan.',
  );
  return (
    <div className="mt-4 flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <SelectField
          label="Tambah dokumen"
          name="kind"
          value={kind}
          options={DOCUMENT_KINDS.map((value) => ({ value, label: DOCUMENT[value] }))}
          onChange={({ target }) => {
            const chosen = DOCUMENT_KINDS.find((one) => one === target.value);
            if (chosen !== undefined) setKind(chosen);
          }}
        />
      </div>
      <Button
        busy={upload.isPending}
        icon={<Upload className="size-4" aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        Pilih berkas
      </Button>
      <input
        ref={input}
        type="file"
        name="file"
        hidden
        accept="image/jpeg,image/png,image/webp,image/heic,application/pdf"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // The same file again is a choice, too.
          target.value = '';
          if (file === undefined) return;
          if (file.size > MOST_BYTES) toast('Berkas paling besar 15 MB.', 'problem');
          else upload.mutate(file);
        }}
      />
    </div>
  );
}

/** The file comes with one's own token, so it is shown from memory and forgotten with the dialog. */
function Shown({
  jobId,
  document: { id, kind, type },
  onClose,
}: {
  readonly jobId: string;
  readonly document: JobDocument;
  readonly onClose: () => void;
}) {
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    const load = async (): Promise<void> => {
      const call = api.GET('/api/jobs/{id}/documents/{document_id}', {
        params: { path: { id: jobId, document_id: id } },
        parseAs: 'blob',
        signal: stop.signal,
      });
      await whole(call);
      const { data } = await call;
      if (stop.signal.aborted || data === undefined) return;
      made = URL.createObjectURL(data);
      setUrl(made);
    };
    load().catch((error: unknown) => {
      if (!stop.signal.aborted) setProblem(error);
    });
    return () => {
      stop.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [jobId, id]);
  return (
    <Dialog open wide onClose={onClose} title={DOCUMENT[kind]}>
      {problem !== null ? (
        <Failed error={problem} />
      ) : url === null ? (
        <Loading>
          <Skeleton className="h-64 rounded-xl" />
        </Loading>
      ) : (
        <div className="flex flex-col gap-3">
          {type.startsWith('image/') && type !== 'image/heic' && (
            <img
              src={url}
              alt={DOCUMENT[kind]}
              className="max-h-[60dvh] w-full rounded-xl bg-sunken object-contain"
            />
          )}
          <a
            href={url}
            target="_blank"
            rel="noopener"
            download={`${kind}.${type.split('/')[1] ?? 'bin'}`}
            className={buttonClass()}
          >
            Unduh
          </a>
        </div>
      )}
    </Dialog>
  );
}
