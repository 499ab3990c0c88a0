/** Papers and pictures of a visit: seen, added, withdrawn (docs/design/field-service.md#documents). */
import { useQueryClient } from '@tanstack/react-query';
import { FileText, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, dataOf } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { sizeOf } from '../../lib/money.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/parts.tsx';
import { DocumentDialog } from '../document-dialog.tsx';
import { addDocument, useDocumentUploads } from '../document-uploads.ts';
import { UploadRows } from '../upload-rows.tsx';
import { type Job, useJobCommand } from './queries.ts';
import { DOCUMENT, DOCUMENT_KINDS, type DocumentKind } from './words.ts';

export function Documents({ job, mayChange }: { readonly job: Job; readonly mayChange: boolean }) {
  const [shown, setShown] = useState<Job['documents'][number] | null>(null);
  const uploads = useDocumentUploads(job.id);
  const shut = (): void => setShown(null);
  const withdraw = useJobCommand(
    (document: string) =>
      dataOf(
        api.DELETE('/api/jobs/{id}/documents/{document}', {
          params: { path: { id: job.id, document } },
        }),
      ),
    'Dokumen ditarik.',
  );
  return (
    <Card title="Dokumen" hint="Setiap pembukaan dokumen tercatat.">
      {job.documents.length + uploads.length === 0 ? (
        <p className="text-soft">Belum ada dokumen.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {job.documents.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => setShown(one)}
                className="focus-inside -mx-2 flex min-h-11 w-[calc(100%+1rem)] items-center gap-2.5 rounded-lg px-2 text-left hover:bg-hover"
              >
                <FileText className="size-4 shrink-0 text-soft" aria-hidden="true" />
                <span className="min-w-0 flex-1 font-medium">{DOCUMENT[one.kind]}</span>
                <span className="text-[12px] text-faint">
                  {one.type.split('/')[1]?.toUpperCase()} · {sizeOf(one.size)}
                </span>
              </button>
            </li>
          ))}
          <UploadRows uploads={uploads} />
        </ul>
      )}
      {mayChange && <Add jobId={job.id} />}
      {shown !== null && (
        <DocumentDialog
          jobId={job.id}
          document={shown}
          onClose={shut}
          action={
            mayChange && (
              <Button
                look="danger"
                busy={withdraw.isPending}
                onClick={() => withdraw.mutate(shown.id, { onSettled: shut })}
              >
                Tarik
              </Button>
            )
          }
        />
      )}
    </Card>
  );
}

function Add({ jobId }: { readonly jobId: string }) {
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<DocumentKind>('surat_tugas');
  const done = (): void => void client.invalidateQueries({ queryKey: keys.jobs });
  return (
    <div className="mt-4 flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <SelectField
          label="Tambah dokumen"
          name="kind"
          value={kind}
          options={DOCUMENT_KINDS.map((value) => ({ value, label: DOCUMENT[value] }))}
          onChange={({ target }) =>
            setKind((old) => DOCUMENT_KINDS.find((one) => one === target.value) ?? old)
          }
        />
      </div>
      <Button icon={<Upload className="size-4" aria-hidden="true" />} onClick={() => input.current?.click()}>
        Pilih berkas
      </Button>
      <input
        ref={input}
        type="file"
        name="file"
        hidden
        multiple
        accept="image/*,application/pdf"
        onChange={({ target }) => {
          for (const file of target.files ?? []) void addDocument({ jobId, kind, done }, file);
          // The same file again is a choice, too.
          target.value = '';
        }}
      />
    </div>
  );
}
