import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function GoOffline({
  onClose,
  onConfirm,
}: {
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Jadi Offline?"
      hint="Anda tidak akan menerima tiket baru. Tiket aktif Anda tetap di tangan Anda."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" onClick={onConfirm}>
            Ya, jadi Offline
          </Button>
        </>
      }
    />
  );
}
