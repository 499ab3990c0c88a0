/** What one does with one line: link it with a phone, or try it. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { api, dataOf, once, whole } from '../../lib/api.ts';
import { t } from '../../lib/id.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { fieldErrors, useAdminCommand } from '../../ui/parts.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { linesKey, type WatchedLine } from './lines.ts';

interface LineDialogProps {
  readonly line: WatchedLine;
  readonly onClose: () => void;
}

/** The picture is a secret of that minute: it is asked for anew, and never kept. */
export function QrDialog({ line, onClose }: LineDialogProps) {
  const picture = useQuery({
    queryKey: ['line-qr', line.id],
    queryFn: async () => {
      const asked = api.GET('/api/admin/channels/{id}/qr', {
        params: { path: { id: line.id } },
        parseAs: 'blob',
      });
      await whole(asked);
      return new Blob([(await asked).data ?? ''], { type: 'image/png' });
    },
    gcTime: 0,
    retry: false,
  });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (picture.data === undefined) return;
    const made = URL.createObjectURL(picture.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.data]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Hubungkan ${line.name ?? line.id}`}
      hint="Di ponsel: WhatsApp, Perangkat tertaut, Tautkan perangkat. Siapa pun yang memindai kode ini memegang nomor ini."
      foot={
        <>
          <Button onClick={onClose}>{t.close}</Button>
          <Button look="primary" busy={picture.isFetching} onClick={() => void picture.refetch()}>
            Kode baru
          </Button>
        </>
      }
    >
      {picture.isError ? (
        <p role="alert" className="text-pretty text-soft">
          Belum ada kode untuk dipindai. Coba lagi sebentar, atau mulai ulang nomor ini.
        </p>
      ) : url === null ? (
        <Skeleton className="mx-auto size-64" />
      ) : (
        <img src={url} alt="Kode QR untuk ditautkan" className="mx-auto size-64 rounded-xl bg-white p-3" />
      )}
    </Dialog>
  );
}

/** Fixed words to a phone of one's own; the answer of the channel is shown as it came. */
export function TestDialog({ line, onClose }: LineDialogProps) {
  const form = useId();
  const [to, setTo] = useState('');
  const [params] = useState(once);
  const test = useAdminCommand(
    () =>
      dataOf(
        api.POST('/api/admin/channels/{id}/test', {
          params: { ...params, path: { id: line.id } },
          body: { to: to.trim() },
        }),
      ),
    { changes: [linesKey] },
  );
  const errors = fieldErrors(test.error, {});
  const { data } = test;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Pesan uji dari ${line.name ?? line.id}`}
      hint="Ke ponsel atau akun Anda sendiri yang pernah menulis ke nomor ini. Tidak masuk percakapan mana pun."
      foot={
        <>
          <Button onClick={onClose}>{t.close}</Button>
          <Button look="primary" type="submit" form={form} busy={test.isPending}>
            Kirim
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          test.mutate(undefined);
        }}
      >
        <TextField
          label="Nomor atau id di channel"
          name="to"
          required
          maxLength={101}
          autoComplete="off"
          placeholder="+628..."
          value={to}
          error={errors['to']}
          onChange={(event) => setTo(event.target.value)}
        />
      </form>
      {data !== undefined && (
        <p
          role="status"
          className={cx(
            'mt-4 rounded-xl p-3 text-pretty',
            data.outcome === 'accepted' ? 'bg-good-soft text-good' : 'bg-danger-soft text-danger',
          )}
        >
          {data.outcome === 'accepted'
            ? 'Diterima oleh channel. Lihat ponsel Anda.'
            : (data.text ?? 'Nomor ini tidak bisa mengirim dari sini.')}
          {data.code !== null && <code className="ml-2 text-[13px]">{data.code}</code>}
        </p>
      )}
    </Dialog>
  );
}
