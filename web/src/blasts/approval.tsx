/** Another person than the one who made it decides, with the recipients and their texts in sight (dashboard-prd 3.6). */
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { useApprove, useCancel, useReject, type WholeBlast } from './queries.ts';

interface ApprovalProps {
  readonly blast: WholeBlast;
  readonly mayDecide: boolean;
  readonly isOwn: boolean;
}

const MOST = 500;

export function Approval({ blast, mayDecide, isOwn }: ApprovalProps) {
  const [asking, setAsking] = useState<'approve' | 'reject' | 'cancel' | null>(null);
  const close = (): void => setAsking(null);
  const decides = mayDecide && !isOwn;
  return (
    <section
      aria-label="Persetujuan"
      className="flex flex-wrap items-center gap-3 rounded-2xl border border-accent bg-accent-soft p-4 md:px-5"
    >
      <div className="min-w-56 flex-1">
        <h2 className="font-semibold">
          {decides ? 'Blast ini menunggu keputusan Anda' : 'Menunggu persetujuan'}
        </h2>
        <p className="text-pretty text-soft">
          {decides
            ? 'Periksa pesan dan daftar penerima di bawah. Tidak ada yang terkirim sebelum disetujui.'
            : isOwn
              ? 'Super Admin dan Team Lead sudah diberi tahu. Orang lain yang harus menyetujuinya.'
              : 'Tidak ada yang terkirim sebelum disetujui.'}
        </p>
      </div>
      {decides ? (
        <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
          <Button
            look="danger"
            icon={<X className="size-4" aria-hidden="true" />}
            onClick={() => setAsking('reject')}
          >
            Tolak
          </Button>
          <Button
            look="primary"
            icon={<Check className="size-4" aria-hidden="true" />}
            onClick={() => setAsking('approve')}
          >
            Setujui
          </Button>
        </div>
      ) : (
        isOwn && <Button onClick={() => setAsking('cancel')}>Batalkan blast</Button>
      )}
      {asking === 'approve' && <ApproveDialog blast={blast} onClose={close} />}
      {asking === 'reject' && <RejectDialog blastId={blast.id} onClose={close} />}
      {asking === 'cancel' && <CancelDialog blastId={blast.id} onClose={close} />}
    </section>
  );
}

function ApproveDialog({ blast, onClose }: { readonly blast: WholeBlast; readonly onClose: () => void }) {
  const approve = useApprove(blast.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Setujui dan kirim ke ${String(blast.recipient_count)} pelanggan?`}
      hint="Pengiriman dimulai segera, satu per satu. Anda masih dapat menjeda atau membatalkan sisanya."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            busy={approve.isPending}
            onClick={() => approve.mutate(undefined, { onSettled: onClose })}
          >
            Setujui
          </Button>
        </>
      }
    />
  );
}

function RejectDialog({ blastId, onClose }: { readonly blastId: string; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const reject = useReject(blastId);
  const isEmpty = reason.trim() === '';
  const submit = (): void => {
    setTried(true);
    if (!isEmpty) reject.mutate(reason.trim(), { onSettled: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Tolak blast ini?"
      hint="Pembuatnya membaca alasan Anda."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="danger" busy={reject.isPending} onClick={submit}>
            Tolak
          </Button>
        </>
      }
    >
      <TextArea
        label="Alasan"
        name="reason"
        required
        maxLength={MOST}
        value={reason}
        error={tried && isEmpty ? 'Wajib diisi' : undefined}
        onChange={({ target }) => setReason(target.value)}
      />
    </Dialog>
  );
}

export function CancelDialog({
  blastId,
  onClose,
}: {
  readonly blastId: string;
  readonly onClose: () => void;
}) {
  const cancel = useCancel(blastId);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Batalkan blast ini?"
      hint="Yang belum terkirim tidak akan dikirim. Ini tidak dapat dikembalikan."
      foot={
        <>
          <Button onClick={onClose}>Kembali</Button>
          <Button
            look="danger"
            busy={cancel.isPending}
            onClick={() => cancel.mutate(undefined, { onSettled: onClose })}
          >
            Ya, batalkan
          </Button>
        </>
      }
    />
  );
}
