import { type ReactNode, useId } from 'react';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** A step that wants to know something first: a form, and its two buttons. */
export function StepDialog({
  title,
  hint,
  send,
  danger = false,
  wide = false,
  busy,
  children,
  onSend,
  onClose,
}: {
  readonly title: string;
  readonly hint?: string;
  /** What the button says. */
  readonly send: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly busy: boolean;
  readonly children?: ReactNode;
  readonly onSend: () => void;
  readonly onClose: () => void;
}) {
  const form = useId();
  return (
    <Dialog
      open
      wide={wide}
      onClose={onClose}
      title={title}
      hint={hint}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look={danger ? 'danger' : 'primary'} type="submit" form={form} busy={busy}>
            {send}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSend();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
