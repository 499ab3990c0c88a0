import { useId, useState } from 'react';
import { t } from '../../lib/id.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';

export function CheckOutDialog({
  onSend,
  onClose,
}: {
  readonly onSend: (note: string) => void;
  readonly onClose: () => void;
}) {
  const form = useId();
  const [note, setNote] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Check-out"
      hint="Pekerjaan selesai, dan Anda meninggalkan tempat ini."
      foot={
        <>
          <Button className="max-md:h-12" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button look="primary" className="max-md:h-12" type="submit" form={form}>
            Check-out sekarang
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          onSend(note);
        }}
      >
        <TextArea
          label="Catatan (boleh kosong)"
          name="note"
          maxLength={1000}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </form>
    </Dialog>
  );
}
