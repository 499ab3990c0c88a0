/** Stored files: media and exports. Keys are made by the program, never names from outside. */
import type { Readable } from 'node:stream';

export interface WrittenFile {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** By the bytes, never by a name: `application/octet-stream` of everything that is not known to be harmless. */
  readonly mimeType: string;
  /** Its bytes are those of a program, a page or a script. */
  readonly runs: boolean;
}

/** The first and the last byte of a part, from 0. */
export interface BytePart {
  readonly start: number;
  readonly end: number;
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';
}

export interface Files {
  /**
   * Stores the whole file or nothing; an earlier file of the same key is replaced.
   * @throws FileTooLarge after `maxBytes`, and any error of `source`
   */
  write(key: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenFile>;
  /**
   * Null: there is none. Who does not read `content` to its end destroys it.
   * @param part the bytes that `content` has, both included; default all. `size` is that of the whole file
   */
  open(key: string, part?: BytePart): Promise<{ readonly size: number; readonly content: Readable } | null>;
  /** Bytes of a file, without opening it. Null: there is none. */
  sizeOf(key: string): Promise<number | null>;
  /** What a file that is here is. Null: there is none. */
  look(key: string): Promise<WrittenFile | null>;
  remove(key: string): Promise<void>;
  /**
   * Removes every file of `kind` (the part of the key before the slash) that was finished before `moment`, and with
   * `unfinished` also files that were never finished. Only for the one process that writes this kind. @returns how many
   */
  sweep(kind: string, options: { readonly before: Date; readonly unfinished: boolean }): Promise<number>;
}
