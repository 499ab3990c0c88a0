/** Two ways to a file: the camera of the phone, or what is on it. */
import { Camera, Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';

interface PickerProps {
  /** Of the inputs in the page. */
  readonly name: string;
  /** What it is a file of, for who does not see where it stands. */
  readonly label: string;
  readonly onFile: (file: File) => void;
}

export function DocumentPicker({ name, label, onFile }: PickerProps) {
  const camera = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const take = (target: HTMLInputElement): void => {
    for (const file of target.files ?? []) onFile(file);
    // The same file again is a choice, too.
    target.value = '';
  };
  const button = 'max-md:h-12 max-md:flex-1';
  return (
    <div className="flex gap-2">
      <Button
        className={button}
        aria-label={`Ambil ${label} dengan kamera`}
        icon={<Camera className="size-4" aria-hidden="true" />}
        onClick={() => camera.current?.click()}
      >
        Kamera
      </Button>
      <Button
        className={button}
        aria-label={`Pilih berkas ${label}`}
        icon={<Paperclip className="size-4" aria-hidden="true" />}
        onClick={() => files.current?.click()}
      >
        Berkas
      </Button>
      <input
        ref={camera}
        type="file"
        name={`${name}-camera`}
        accept="image/*"
        capture="environment"
        hidden
        onChange={({ target }) => take(target)}
      />
      <input
        ref={files}
        type="file"
        name={name}
        accept="image/*,application/pdf"
        multiple
        hidden
        onChange={({ target }) => take(target)}
      />
    </div>
  );
}
