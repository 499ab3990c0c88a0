/** What the loader, the panel and the frame say to each other. */

/** A desk that one can talk to: its site key (SITES), its name, and what it is about. */
export interface Desk {
  readonly key: string;
  readonly name: string;
  readonly about: string;
}

/** Why the chat is opened: a question to begin with, or an intent that the page names. */
export interface Opening {
  readonly site?: string | undefined;
  readonly question?: string | undefined;
  readonly intent?: string | undefined;
  /** The page of a frame or a link wrote it: it is offered, not sent. */
  readonly isOffer?: boolean | undefined;
}

export interface PanelHost {
  /** Where the API is: scheme, host and port. */
  readonly base: string;
  readonly desks: readonly Desk[];
  readonly onClose: () => void;
  /** Messages that came while the panel was closed. */
  readonly onUnread: (count: number) => void;
}

export interface Panel {
  readonly open: (opening: Opening) => void;
  readonly close: () => void;
}

export interface PanelModule {
  readonly mount: (root: ShadowRoot, host: PanelHost) => Panel;
}
