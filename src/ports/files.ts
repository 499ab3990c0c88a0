/** Files on disk or wherever: media and exports. Keys are ours, never names that somebody sent. */

export interface WrittenFile {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** What the bytes themselves say that they are; null when nothing known. */
  readonly mimeType: string | null;
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';
}

export interface Files {
  /**
   * Whole or not at all; an earlier file of the same key is replaced.
   * @throws FileTooLarge after `maxBytes`, and whatever `source` throws
   */
  write(key: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenFile>;
  /** Null: there is none. */
  open(key: string): Promise<{ readonly size: number; readonly content: NodeJS.ReadableStream } | null>;
  remove(key: string): Promise<void>;
  /**
   * Removes every file of `kind` (the part of the key before the slash) that was finished before `moment`, and with
   * `unfinished` what was begun and never finished. For the one process that writes this kind. @returns how many went
   */
  sweep(kind: string, options: { readonly before: Date; readonly unfinished: boolean }): Promise<number>;
}
