/** Out of place, or nobody can say: a note and a photo, and the check-in holds (docs/design/field-service.md#visits). */
import { CircleCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { DocumentPicker } from '../document-picker.tsx';
import { addDocument, useDocumentUploads } from '../document-uploads.ts';
import { metres } from '../office/words.ts';
import { UploadRows } from '../upload-rows.tsx';
import type { NoFix } from './position.ts';
import { reportOf, type VisitReport } from './visit-reports.ts';

const TROUBLE: Record<NoFix, string> = {
  denied: 'Browser tidak diizinkan membaca lokasi. Izinkan di pengaturan situs, atau isi catatan dan foto.',
  unavailable: 'Lokasi tidak ditemukan. Coba di tempat terbuka, atau isi catatan dan foto.',
};

export function CheckInDialog({
  jobId,
  report,
  trouble,
  busy,
  onSend,
  onLocate,
  onClose,
}: {
  readonly jobId: string;
  readonly report: VisitReport;
  readonly trouble: NoFix | null;
  readonly busy: boolean;
  readonly onSend: (report: VisitReport) => void;
  /** Looks once more where the phone is. */
  readonly onLocate: () => void;
  readonly onClose: () => void;
}) {
  const form = useId();
  const [note, setNote] = useState(report.note);
  const [photo, setPhoto] = useState(report.photo);
  const uploads = useDocumentUploads(jobId, 'foto');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Lokasi perlu penjelasan"
      hint={
        trouble === null
          ? `Lokasi Anda${report.fix === null ? '' : ` (ketelitian ${metres(Math.round(report.fix.accuracy))})`} tidak sesuai atau tidak pasti. Isi catatan dan foto tempat ini.`
          : TROUBLE[trouble]
      }
      foot={
        <>
          <Button className="max-md:h-12" busy={busy} onClick={onLocate}>
            Cari lokasi lagi
          </Button>
          <Button
            look="primary"
            className="max-md:h-12"
            type="submit"
            form={form}
            busy={busy}
            disabled={photo === null || note.trim() === ''}
          >
            Kirim check-in
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSend(reportOf('check-in', report.fix, { takenAt: report.takenAt, note, photo }));
        }}
      >
        <TextArea
          label="Catatan"
          name="note"
          required
          maxLength={1000}
          placeholder="Contoh: pelanggan minta bertemu di lobi"
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        <div className="flex flex-col gap-2">
          <p className="text-[13px] font-medium text-soft">Foto tempat ini</p>
          {photo !== null && (
            <p role="status" className="flex items-center gap-2 font-medium text-good">
              <CircleCheck className="size-4" aria-hidden="true" />
              Foto terunggah
            </p>
          )}
          <ul className="flex flex-col gap-2 empty:hidden">
            <UploadRows uploads={uploads} />
          </ul>
          <DocumentPicker
            name="photo"
            label="foto lokasi"
            onFile={(file) => void addDocument({ jobId, kind: 'foto', done: setPhoto }, file)}
          />
        </div>
      </form>
    </Dialog>
  );
}
