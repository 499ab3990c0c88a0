/** Opens a visit: to a customer that is searched for, to one that is known, or from a ticket. */
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api, dataOf, type Division, isOffline, once } from '../../lib/api.ts';
import { dayKey } from '../../lib/dates.ts';
import { t } from '../../lib/id.ts';
import { amountOf, grouped } from '../../lib/money.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/parts.tsx';
import { CustomerChoice } from './customer-choice.tsx';
import { freeDaysOf, useJobCommand, useServices } from '../office/queries.ts';
import { clockAfter, windowBody, WindowFields } from './window-fields.tsx';
import { dayAfter } from '../office/words.ts';

/** Whom the visit is to; of a ticket, its customer. */
export interface Visited {
  readonly customerId: string;
  readonly name: string;
  readonly division: Division;
  readonly address?: string | null;
  readonly ticketId?: string;
}

interface NewJobProps {
  readonly to?: Visited;
  /** `YYYY-MM-DD`, the day that one was looking at. */
  readonly day?: string | undefined;
  readonly onClose: () => void;
}

/** `-6.2088, 106.8456`, as maps copy it. */
function pointOf(text: string): { lat: number; lng: number } | null {
  const [, lat, lng] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? [];
  return lat === undefined || lng === undefined ? null : { lat: Number(lat), lng: Number(lng) };
}

const BEGIN = '09:00';

export function NewJobDialog({ to, day, onClose }: NewJobProps) {
  const [who, setWho] = useState(to ?? null);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Pekerjaan baru"
      hint={who === null ? undefined : `Untuk ${who.name}`}
    >
      {who === null ? (
        <CustomerChoice onChoose={setWho} />
      ) : (
        <Form
          key={who.customerId}
          who={who}
          day={day}
          onClose={onClose}
          {...(to === undefined ? { onBack: () => setWho(null) } : {})}
        />
      )}
    </Dialog>
  );
}

function Form({
  who,
  day,
  onClose,
  onBack,
}: {
  readonly who: Visited;
  readonly day: string | undefined;
  readonly onClose: () => void;
  readonly onBack?: () => void;
}) {
  const form = useId();
  const navigate = useNavigate();
  const { data: all = [] } = useServices();
  const services = all.filter(({ division }) => division === who.division);
  const [data, setData] = useState({
    kind: '',
    problem: '',
    address: who.address ?? '',
    district: '',
    city: '',
    point: '',
    price: '',
  });
  const today = dayKey(new Date());
  const [wanted, setWindow] = useState({
    day: day !== undefined && day > today ? day : dayAfter(today, 1),
    from: BEGIN,
    // Nobody said it: as long as the service takes.
    to: '',
  });
  const kind = data.kind === '' ? (services[0]?.key ?? '') : data.kind;
  const minutes = services.find(({ key }) => key === kind)?.minutes ?? 60;
  const window = { ...wanted, to: wanted.to === '' ? clockAfter(wanted.from, minutes) : wanted.to };
  const [params, setParams] = useState(once);
  const point = pointOf(data.point);
  const isWrongPoint = data.point.trim() !== '' && point === null;
  const save = useJobCommand((kind: string) => {
    const body = {
      kind,
      place: {
        address: data.address.trim(),
        district: data.district.trim(),
        city: data.city.trim(),
        ...point,
      },
      window: windowBody(window),
      base_price: amountOf(data.price) ?? 0,
    };
    const problem = data.problem.trim();
    return who.ticketId === undefined
      ? dataOf(
          api.POST('/api/admin/jobs', { params, body: { ...body, customer_id: who.customerId, problem } }),
        )
      : dataOf(
          api.POST('/api/admin/ticket/{id}/job', {
            params: { ...params, path: { id: who.ticketId } },
            body: { ...body, ...(problem === '' ? {} : { problem }) },
          }),
        );
  }, 'Pekerjaan dibuat.');
  const errors = fieldErrors(save.error, { WINDOW_PAST: 'window' });
  const bind = (name: keyof typeof data) => ({
    name,
    value: data[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setData((old) => ({ ...old, [name]: target.value })),
  });
  const chooseKind = (key: string): void => {
    setData((old) => ({ ...old, kind: key }));
    setWindow((old) => ({ ...old, to: '' }));
  };
  return (
    <form
      id={form}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrongPoint) return;
        save.mutate(kind, {
          onSuccess: ({ job_id: jobId }) => {
            onClose();
            void navigate({ to: '/jobs/$jobId', params: { jobId } });
          },
          // What was refused is asked for in another way, and so another intent; without an answer it is the same one.
          onError: (error) => {
            if (!isOffline(error)) setParams(once());
          },
        });
      }}
    >
      <SelectField
        label="Layanan"
        required
        error={errors['kind']}
        options={services.map(({ key, label }) => ({ value: key, label }))}
        {...bind('kind')}
        value={kind}
        onChange={({ target }) => chooseKind(target.value)}
      />
      <TextArea
        label={who.ticketId === undefined ? 'Kebutuhan' : 'Kebutuhan (kosong: pesan terakhir pelanggan)'}
        required={who.ticketId === undefined}
        maxLength={2000}
        error={errors['problem']}
        {...bind('problem')}
      />
      <WindowFields
        value={window}
        onChange={(next) =>
          // A later begin moves an end that nobody touched.
          setWindow({ ...next, to: next.to === window.to ? wanted.to : next.to })
        }
        errors={errors}
        freeDays={freeDaysOf(save.error)}
      />
      <TextArea
        label="Alamat"
        rows={2}
        required
        maxLength={500}
        error={errors['place.address']}
        hint="Teknisi baru melihat alamat sesudah mengambil pekerjaan."
        {...bind('address')}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Kecamatan"
          required
          maxLength={80}
          error={errors['place.district']}
          {...bind('district')}
        />
        <TextField label="Kota" required maxLength={80} error={errors['place.city']} {...bind('city')} />
        <TextField
          label="Titik peta (opsional)"
          placeholder="-6.2088, 106.8456"
          autoComplete="off"
          error={
            isWrongPoint
              ? 'Isi lintang dan bujur, dipisah koma'
              : (errors['place.lat'] ?? errors['place.lng'])
          }
          {...bind('point')}
        />
        <TextField
          label="Harga dasar (Rp)"
          inputMode="numeric"
          required
          error={errors['base_price']}
          {...bind('price')}
          onBlur={() => {
            const amount = amountOf(data.price);
            if (amount !== null) setData((old) => ({ ...old, price: grouped(amount) }));
          }}
        />
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack ?? onClose}>{onBack === undefined ? t.cancel : 'Pelanggan lain'}</Button>
        <Button look="primary" type="submit" busy={save.isPending} disabled={kind === ''}>
          Buat pekerjaan
        </Button>
      </div>
    </form>
  );
}
