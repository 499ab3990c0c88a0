import type { Desk } from '../shapes.ts';

/** Which desk a question is for, where a page speaks for several. */
export const Desks = ({
  desks,
  choose,
}: {
  readonly desks: readonly Desk[];
  readonly choose: (desk: Desk) => void;
}) => (
  <div class="sheet">
    <h3>Mau tanya soal apa?</h3>
    {desks.map((desk) => (
      <button type="button" class="desk" onClick={() => choose(desk)}>
        <b>{desk.about}</b>
        <span>{desk.name}</span>
      </button>
    ))}
    <p class="note">Asisten menjawab sekarang. Admin bisa dipanggil kapan saja.</p>
  </div>
);
