/** A state that cannot be: a defect of the simulator, never a fault of the scenario. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
}

/** Always on. The message says what, where (entity) and when; the run adds its seed. */
export function invariant(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new InvariantViolation(message())
}
