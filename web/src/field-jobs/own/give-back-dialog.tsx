import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api, dataOf } from '../../lib/api.ts';
import { t } from '../../lib/id.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/parts.tsx';
import { on, useJobCommand } from '../office/queries.ts';

/** Back into the pool, with the reason for the dispatcher. */
export function GiveBackDialog({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) {
  const form = useId();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const giveBack = useJobCommand(
    () => dataOf(api.POST('/api/jobs/{id}/give-back', { ...on(jobId), body: { reason: reason.trim() } })),
    'Pekerjaan kembali ke pool.',
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Kembalikan pekerjaan"
      hint="Teknisi lain dapat mengambilnya. Kantor membaca alasan Anda."
      foot={
        <>
          <Button className="max-md:h-12" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button
            look="danger"
            className="max-md:h-12"
            type="submit"
            form={form}
            busy={giveBack.isPending}
            disabled={reason.trim() === ''}
          >
            Kembalikan
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          giveBack.mutate(undefined, { onSuccess: () => void navigate({ to: '/my-jobs' }) });
        }}
      >
        <TextArea
          label="Alasan"
          name="reason"
          required
          maxLength={500}
          value={reason}
          error={fieldErrors(giveBack.error)['reason']}
          onChange={({ target }) => setReason(target.value)}
        />
      </form>
    </Dialog>
  );
}
