/** One follow-up to one customer: a template, one's own words, and what the customer will read (dashboard-prd 3.6). No approval. */
import { Send } from 'lucide-react';
import { useState } from 'react';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { CustomerReads } from './customer-reads.tsx';
import { MessageEditor } from './message-editor.tsx';
import {
  type Template,
  usePreview,
  useSendFollowUp,
  useTemplates,
  type Wording,
  wordingBody,
} from './queries.ts';

interface FollowUpDialogProps {
  readonly ticketId: string;
  readonly customerName: string | null;
  readonly onClose: () => void;
}

/** What was begun and not sent, by ticket: closing the dialog loses nothing. */
const begun = new Map<string, Wording>();

export function FollowUpDialog({ ticketId, customerName, onClose }: FollowUpDialogProps) {
  const templates = useTemplates();
  const name = customerName ?? t.unknownCustomer;
  if (templates.data !== undefined)
    return <Shown ticketId={ticketId} name={name} templates={templates.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={`Follow-up ke ${name}`}>
      {templates.isError ? (
        <Failed error={templates.error} retry={() => void templates.refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-48 rounded-xl" />
        </Loading>
      )}
    </Dialog>
  );
}

interface ShownProps {
  readonly ticketId: string;
  readonly name: string;
  readonly templates: readonly Template[];
  readonly onClose: () => void;
}

function Shown({ ticketId, name, templates, onClose }: ShownProps) {
  const [wording, setWording] = useState<Wording>(
    begun.get(ticketId) ?? { templateId: templates[0]?.id ?? null, message: templates[0]?.body ?? '' },
  );
  const change = (next: Wording): void => {
    begun.set(ticketId, next);
    setWording(next);
  };
  const preview = usePreview(ticketId, wording, templates);
  const send = useSendFollowUp(ticketId);
  const isEmpty = wording.message.trim() === '';
  const submit = (): void =>
    send.mutate(wordingBody(wording, templates), {
      onSuccess: () => {
        begun.delete(ticketId);
        onClose();
      },
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Follow-up ke ${name}`}
      hint="Terkirim langsung, tanpa persetujuan, dan dicatat di tiket."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            icon={<Send className="size-4" aria-hidden="true" />}
            disabled={isEmpty || preview.data?.sendable === false}
            busy={send.isPending}
            onClick={submit}
          >
            Kirim
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <MessageEditor wording={wording} templates={templates} onChange={change} />
        {!isEmpty && <CustomerReads name={name} preview={preview} />}
      </div>
    </Dialog>
  );
}
