/**
 * Loaded before a process that a test starts: its clock is wrong by SAGA_TEST_CLOCK_MS, and with SAGA_TEST_CLOCK_JUMP_MS it
 * is set by as much more at SIGUSR2.
 */
let shift = Number(process.env.SAGA_TEST_CLOCK_MS ?? 0);
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
const jump = Number(process.env.SAGA_TEST_CLOCK_JUMP_MS ?? 0);
if (shift !== 0 || jump !== 0) globalThis.Date = Shifted;
if (jump !== 0)
  process.once('SIGUSR2', () => {
    shift += jump;
  });
