/**
 * The work goes on after a lost race: the keyboard is on the next FREE ticket of the list, else on the heading
 * (docs/design/dashboard.md#conflicts-are-news).
 */
export function focusNextFree(lost: string): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-ticket]')];
  const at = rows.findIndex(({ dataset }) => dataset['ticket'] === lost);
  const next = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].find(
    (row) => row.dataset['free'] !== undefined && row.getClientRects().length > 0,
  );
  (next ?? document.querySelector('h1'))?.focus();
}
