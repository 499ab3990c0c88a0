import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '../ui/button.tsx';

/** Files of a paste or a drop; folders are none. */
export const filesOf = (data: DataTransfer): readonly File[] =>
  [...data.items].flatMap((item) => (item.kind === 'file' ? (item.getAsFile() ?? []) : []));

export function FilePicker({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label="Lampirkan berkas" onClick={() => input.current?.click()}>
        <Paperclip className="size-[18px]" aria-hidden="true" />
      </IconButton>
      <input
        ref={input}
        type="file"
        name="file"
        multiple
        hidden
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file again is a choice, too.
          target.value = '';
        }}
      />
    </>
  );
}
