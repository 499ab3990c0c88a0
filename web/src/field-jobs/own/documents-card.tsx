/** What the technician was given, and what they bring back (docs/design/field-service.md#documents). */
import { useQueryClient } from '@tanstack/react-query';
import { FileText, ImageIcon } from 'lucide-react';
import { useState } from 'react';
import { api, whole } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { useMe } from '../../lib/me.ts';
import { sizeOf } from '../../lib/money.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/parts.tsx';
import { DocumentDialog } from '../document-dialog.tsx';
import { DocumentPicker } from '../document-picker.tsx';
import { addDocument, useDocumentUploads } from '../document-uploads.ts';
import { useJobCommand } from '../office/queries.ts';
import { DOCUMENT, DOCUMENT_KINDS, type DocumentKind } from '../office/words.ts';
import { UploadRows } from '../upload-rows.tsx';
import type { OwnJob } from './queries.ts';

type Document = OwnJob['documents'][number];

/** What a report is not complete without. */
const WANTED: readonly DocumentKind[] = ['bast', 'bukti'];
const BROUGHT_BACK: readonly DocumentKind[] = [...WANTED, 'foto'];

export function DocumentsCard({ job }: { readonly job: OwnJob }) {
  const [shown, setShown] = useState<Document | null>(null);
  const isOpen = job.status !== 'completed' && job.status !== 'cancelled';
  const missing = WANTED.filter((kind) => !job.documents.some((one) => one.kind === kind));
  return (
    <Card
      title="Berkas"
      hint={
        missing.length > 0 && isOpen
          ? `Laporan belum lengkap: ${missing.map((kind) => DOCUMENT[kind]).join(' dan ')}.`
          : 'Laporan lengkap.'
      }
    >
      <div className="flex flex-col gap-5">
        {DOCUMENT_KINDS.map((kind) => (
          <Kind
            key={kind}
            job={job}
            kind={kind}
            mayAdd={isOpen && BROUGHT_BACK.includes(kind)}
            isMissing={missing.includes(kind)}
            onShow={setShown}
          />
        ))}
      </div>
      {shown !== null && <Shown job={job} document={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

function Kind({
  job,
  kind,
  mayAdd,
  isMissing,
  onShow,
}: {
  readonly job: OwnJob;
  readonly kind: DocumentKind;
  readonly mayAdd: boolean;
  readonly isMissing: boolean;
  readonly onShow: (document: Document) => void;
}) {
  const client = useQueryClient();
  const uploads = useDocumentUploads(job.id, kind);
  const documents = job.documents.filter((one) => one.kind === kind);
  if (!mayAdd && documents.length === 0) return null;
  const done = (): void => void client.invalidateQueries({ queryKey: keys.jobs });
  return (
    <section aria-label={DOCUMENT[kind]} className="flex flex-col gap-2">
      <h3 className="flex items-center gap-2 font-semibold">
        {DOCUMENT[kind]}
        {mayAdd && isMissing && <Badge tone="orange">Belum ada</Badge>}
      </h3>
      {documents.length + uploads.length > 0 && (
        <ul className="flex flex-col gap-2">
          {documents.map((one, n) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => onShow(one)}
                className="flex min-h-12 w-full items-center gap-3 rounded-xl border border-line px-3 text-left hover:bg-hover"
              >
                {one.type.startsWith('image/') ? (
                  <ImageIcon className="size-5 shrink-0 text-soft" aria-hidden="true" />
                ) : (
                  <FileText className="size-5 shrink-0 text-soft" aria-hidden="true" />
                )}
                <span className="min-w-0 flex-1 truncate font-medium">
                  {DOCUMENT[kind]} {documents.length > 1 ? n + 1 : ''}
                </span>
                <span className="text-[13px] text-faint">{sizeOf(one.size)}</span>
              </button>
            </li>
          ))}
          <UploadRows uploads={uploads} />
        </ul>
      )}
      {mayAdd && (
        <DocumentPicker
          name={kind}
          label={DOCUMENT[kind]}
          onFile={(file) => void addDocument({ jobId: job.id, kind, done }, file)}
        />
      )}
    </section>
  );
}

function Shown({
  job,
  document,
  onClose,
}: {
  readonly job: OwnJob;
  readonly document: Document;
  readonly onClose: () => void;
}) {
  const me = useMe();
  const withdraw = useJobCommand(
    () =>
      whole(
        api.DELETE('/api/jobs/{id}/documents/{document}', {
          params: { path: { id: job.id, document: document.id } },
        }),
      ),
    'Berkas ditarik.',
  );
  const mayWithdraw = document.by === me.id && job.status !== 'completed' && job.status !== 'cancelled';
  return (
    <DocumentDialog
      jobId={job.id}
      document={document}
      onClose={onClose}
      action={
        mayWithdraw && (
          <Button
            look="danger"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate(undefined, { onSuccess: onClose })}
          >
            Tarik
          </Button>
        )
      }
    />
  );
}
