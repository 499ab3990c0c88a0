/** Loaded before a process that a test starts: its clock is wrong by SAGA_TEST_CLOCK_MS. */
const shift = Number(process.env.SAGA_TEST_CLOCK_MS ?? 0);
const Real = Date;
class Shifted extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + shift);
    else super(...given);
  }
  static now() {
    return Real.now() + shift;
  }
}
if (shift !== 0) globalThis.Date = Shifted;
