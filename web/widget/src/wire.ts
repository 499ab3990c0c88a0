/** What the chat's API answers. */
export type Mode = 'bot' | 'waiting_admin' | 'admin' | 'closed';
export interface DeskStatus {
  readonly state: 'online' | 'busy' | 'off_hours';
  readonly next_open_at: string | null;
  readonly eta_minutes: readonly [number, number] | null;
}
export interface Choice {
  readonly intent: string;
  readonly title: string;
}
export interface Source {
  readonly title: string;
  readonly url?: string | null;
}
export interface Session {
  readonly session_id: string;
  readonly token: string;
  readonly expires_at: string;
  readonly greeting: string;
  readonly disclaimer: string;
  readonly suggestions: readonly Choice[];
  readonly status: DeskStatus;
}
export interface Cta {
  readonly primary: string;
  readonly secondary: string;
}
/** One line of the thread. */
export interface Message {
  readonly message_id: string;
  readonly role: 'user' | 'assistant' | 'admin';
  readonly content: string;
  readonly at: string;
  readonly name?: string | null;
  readonly intent?: string | null;
  readonly benefits?: readonly string[];
  readonly cta?: Cta | null;
  readonly sources?: readonly Source[];
  readonly choices?: readonly Choice[];
}
export interface Answer {
  readonly answer: string | null;
  readonly benefits: readonly string[];
  readonly cta: Cta | null;
  readonly confidence: number;
  readonly intent: string | null;
  readonly sources: readonly Source[];
  readonly mode: Mode;
  readonly message_id: string;
  readonly choices?: readonly Choice[];
}
export interface Thread {
  readonly messages: readonly Message[];
  readonly mode: Mode;
}
export interface Escalation {
  readonly mode: Mode;
  readonly queue_position: number | null;
  readonly eta_minutes: readonly [number, number] | null;
  readonly whatsapp_url?: string | null;
}
