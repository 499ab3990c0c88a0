/** Where something is going, in the height of a line of text. Its numbers stand in the words that go with it. */
export function Spark({
  values,
  label,
}: {
  readonly values: readonly (number | null)[];
  readonly label: string;
}) {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  // What hardly moves is drawn as hardly moving: no less than ten units from top to bottom.
  const range = Math.max(10, high - low);
  const middle = (high + low) / 2;
  const points = values.map((value, n) =>
    value === null
      ? null
      : { x: 4 + (n * 48) / Math.max(1, values.length - 1), y: 12 - ((value - middle) / range) * 16 },
  );
  const drawn = points.filter((point) => point !== null);
  return (
    <svg width="56" height="24" role="img" aria-label={label} className="text-accent">
      <title>{label}</title>
      {drawn.length > 1 && (
        <polyline
          points={drawn.map(({ x, y }) => `${String(x)},${String(y)}`).join(' ')}
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      )}
      {drawn.slice(-1).map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r="3" fill="currentColor" />
      ))}
    </svg>
  );
}
