/** A new blast in three steps: to whom, what, and a look at it before it is handed in (dashboard-prd 3.6). */
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, Send } from 'lucide-react';
import { useState } from 'react';
import { MessageEditor } from '../follow-ups/message-editor.tsx';
import { useTemplates, type Wording } from '../follow-ups/queries.ts';
import { useMay } from '../lib/me.ts';
import { useStore } from '../lib/store.ts';
import { ApiError } from '../lib/api.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import {
  audienceOf,
  filter as filterStore,
  isNarrow,
  pick,
  picked as pickedStore,
  unpickAll,
} from './picked.ts';
import { type BlastPreview, type NewBlast, useBlastPreview, useCreateBlast } from './queries.ts';
import { RecipientsStep } from './recipients-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { reachedOf } from './words.ts';

const TITLE = 'Blast baru';
const STEPS = ['Penerima', 'Pesan', 'Tinjau'] as const;

/** What was begun and not handed in; it lasts while the page is open. */
let begun: Wording = { templateId: null, message: '' };

export function NewBlastPage() {
  return useMay('blast_create') ? (
    <Shown />
  ) : (
    <Page title={TITLE}>
      <NoPermission />
    </Page>
  );
}

function Shown() {
  const navigate = useNavigate();
  const picked = useStore(pickedStore);
  const recipients = [...picked.values()];
  const filter = useStore(filterStore);
  const [step, setStep] = useState(filter === null && recipients.length > 0 ? 1 : 0);
  const [wording, setWording] = useState(begun);
  const { data: meta } = useMeta();
  const templates = useTemplates();
  const create = useCreateBlast();
  const refused =
    create.error instanceof ApiError && create.error.code === 'BLAST_RECIPIENTS_REFUSED'
      ? refusedOf(create.error, create.variables)
      : [];
  const change = (next: Wording): void => {
    begun = next;
    setWording(next);
  };
  const [any] = templates.data ?? [];
  const audience = audienceOf(filter, picked);
  const blast: NewBlast = {
    audience,
    // Whom a filter means is asked before there is a message.
    ...{
      templateId: wording.templateId ?? any?.id ?? '',
      message: wording.message.trim() || (any?.body ?? ''),
    },
  };
  const byFilter = useBlastPreview(blast, filter !== null && isNarrow(filter) && blast.templateId !== '');
  const count = filter === null ? recipients.length : reachable(byFilter.data, step);
  const isReady = [
    count > 0 && count <= (meta?.limits.blast_recipients ?? 0),
    wording.templateId !== null && wording.message.trim() !== '',
    true,
  ][step];
  const submit = (): void => {
    if (wording.templateId === null) return;
    create.mutate(blast, {
      onSuccess: ({ blast_id: blastId }) => {
        begun = { templateId: null, message: '' };
        unpickAll();
        filterStore.set(null);
        toast('Blast dibuat dan menunggu persetujuan.');
        void navigate({ to: '/blasts/$blastId', params: { blastId } });
      },
      onError: (error) =>
        toast(
          (error instanceof ApiError && error.details.find(({ path }) => path === 'filter')?.message) ||
            error.message,
          'problem',
        ),
    });
  };
  return (
    <Page
      title={TITLE}
      narrow
      actions={
        <Link to="/blasts" className={buttonClass('plain', true)}>
          Semua blast
        </Link>
      }
    >
      <ol className="flex gap-2" aria-label="Langkah">
        {STEPS.map((name, n) => (
          <li
            key={name}
            aria-current={n === step ? 'step' : undefined}
            className={cx(
              'flex flex-1 items-center gap-2 border-t-2 pt-2 text-[13px] font-medium',
              n <= step ? 'border-accent text-accent-ink' : 'border-line text-faint',
            )}
          >
            <span
              className={cx(
                'flex size-5 items-center justify-center rounded-full text-[11px] font-semibold tabular-nums',
                n <= step ? 'bg-accent text-on-accent' : 'bg-grey-soft text-soft',
              )}
            >
              {n + 1}
            </span>
            {name}
          </li>
        ))}
      </ol>
      <div className="rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5">
        {templates.data === undefined ? (
          templates.isError ? (
            <Failed error={templates.error} retry={() => void templates.refetch()} />
          ) : (
            <Loading>
              <Skeleton className="h-56 rounded-xl" />
            </Loading>
          )
        ) : step === 0 ? (
          <RecipientsStep picked={recipients} templates={templates.data} />
        ) : step === 1 ? (
          <MessageEditor wording={wording} templates={templates.data} needsTemplate onChange={change} />
        ) : (
          <ReviewStep
            recipients={recipients}
            filter={filter}
            blast={blast}
            refused={refused}
            onLeaveOut={() => {
              for (const { ticketId } of refused) {
                const one = picked.get(ticketId);
                if (one !== undefined) pick(one, false);
              }
              create.reset();
            }}
          />
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {step > 0 && (
          <Button
            icon={<ArrowLeft className="size-4" aria-hidden="true" />}
            onClick={() => setStep(step - 1)}
          >
            Kembali
          </Button>
        )}
        <p
          className="min-w-32 flex-1 text-right text-soft tabular-nums max-sm:order-first max-sm:w-full max-sm:text-left"
          aria-live="polite"
        >
          {count} penerima
        </p>
        {step < 2 ? (
          <Button look="primary" disabled={isReady !== true} onClick={() => setStep(step + 1)}>
            Lanjut
            <ArrowRight className="size-4" aria-hidden="true" />
          </Button>
        ) : (
          <Button
            look="primary"
            icon={<Send className="size-4" aria-hidden="true" />}
            disabled={count === 0}
            busy={create.isPending}
            onClick={submit}
          >
            Minta persetujuan
          </Button>
        )}
      </div>
    </Page>
  );
}

export interface Refused {
  readonly ticketId: string;
  readonly message: string;
}

/** How many get it; before there is a message, how many could. */
function reachable(preview: BlastPreview | undefined, step: number): number {
  if (preview === undefined) return 0;
  return step === 0 ? reachedOf(preview).reached : preview.sendable;
}

/** The API names a recipient by its place in the request. */
function refusedOf({ details }: ApiError, blast: NewBlast | undefined): readonly Refused[] {
  const recipients = blast !== undefined && 'recipients' in blast.audience ? blast.audience.recipients : [];
  return details.flatMap(({ path, message }) => {
    const ticketId = recipients[Number(/^recipients\.(\d+)$/.exec(path)?.[1] ?? Number.NaN)];
    return ticketId === undefined
      ? []
      : [{ ticketId, message: message.replace(/recipients\.\d+/, 'penerima lain') }];
  });
}
