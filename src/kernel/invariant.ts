/** A state that cannot be: a defect of the simulator, never a fault of the scenario. */
export class InvariantViolation extends Error {
  override readonly name: string = 'InvariantViolation'
}

/** Time stands still because a scenario asks for events without end at one instant. */
export class StandstillError extends InvariantViolation {
  override readonly name = 'StandstillError'
}

/** Always on. The message says what, where (entity) and when; the run adds its seed. */
export function invariant(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new InvariantViolation(message())
}
