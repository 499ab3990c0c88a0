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
      title={t.presence.goOffline}
      hint={t.presence.sentence}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" onClick={onConfirm}>
            {t.presence.confirm}
          </Button>
        </>
      }
    />
  );
}
