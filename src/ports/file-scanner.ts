/** A program that looks for malware in files. */
export type ScanVerdict =
  | { readonly kind: 'clean' }
  | {
      readonly kind: 'infected';
      /** What the scanner calls it. */
      readonly found: string;
    }
  /** It takes no files of this size. */
  | { readonly kind: 'too_large' }
  /** It did not answer, or not with a verdict: nothing is known of the file. */
  | { readonly kind: 'away'; readonly code: string };

export interface FileScanner {
  /** Never rejects. It may leave `content` half read. */
  scan(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ScanVerdict>;
  /** @returns why it cannot be used now; null: it can. Answers within two seconds */
  problem(): Promise<string | null>;
}
