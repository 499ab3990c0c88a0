import { useId, useState } from 'react';
import { once } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { fieldErrors } from '../ui/parts.tsx';
import { type Customer, useOffers } from './queries.ts';

/** Writes down that somebody wants no offers, or wants them again. Both need a reason: it is asked for later. */
export function OffersDialog({
  customer,
  onClose,
}: {
  readonly customer: Customer;
  readonly onClose: () => void;
}) {
  const form = useId();
  // What it was when one began: the answer of the API must not turn the dialog round.
  const [wanted] = useState(customer.opted_out !== null);
  const [key] = useState(once);
  const [reason, setReason] = useState('');
  const save = useOffers(customer.id, wanted, key);
  return (
    <Dialog
      open
      onClose={onClose}
      title={wanted ? 'Boleh dihubungi lagi?' : 'Catat tidak mau promosi?'}
      hint={
        wanted
          ? 'Hanya bila pelanggan sendiri memintanya. Follow-up dan blast dapat dikirim lagi.'
          : 'Follow-up dan blast tidak lagi dikirim kepada pelanggan ini. Balasan biasa tetap bisa.'
      }
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look={wanted ? 'primary' : 'danger'}
            type="submit"
            form={form}
            disabled={reason.trim() === ''}
            busy={save.isPending}
          >
            {wanted ? 'Boleh dihubungi' : 'Catat'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(reason.trim(), { onSuccess: onClose });
        }}
      >
        <TextArea
          label="Alasan"
          name="reason"
          required
          maxLength={500}
          value={reason}
          error={fieldErrors(save.error)['reason']}
          onChange={(event) => setReason(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
