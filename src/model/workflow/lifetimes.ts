import { Timeouts } from '../timeouts.ts'
import type { World } from '../world.ts'
import { LONGEST_EXPRESS_US } from './limits.ts'
import type { StateMachineProgram } from './program.ts'

/** How long the executions of a state machine last at most. */
export class Lifetimes {
  /** null: as long as they take. */
  private readonly own: Timeouts | null
  /** Of Express children of distributed Maps. */
  private readonly children: Timeouts | null

  constructor(
    { nodes, timeoutUs }: StateMachineProgram,
    isExpress: boolean,
    world: World,
    onTimeout: (execution: number) => void,
  ) {
    const longestUs = Math.min(
      timeoutUs ?? Number.POSITIVE_INFINITY,
      isExpress ? LONGEST_EXPRESS_US : Number.POSITIVE_INFINITY,
    )
    this.own =
      longestUs < Number.POSITIVE_INFINITY ? new Timeouts(longestUs, world, onTimeout) : null
    const hasExpressChildren = nodes.some(
      (node) => node.kind === 'map' && node.distributed?.isExpress === true,
    )
    this.children = hasExpressChildren ? new Timeouts(LONGEST_EXPRESS_US, world, onTimeout) : null
  }

  start(execution: number): void {
    this.own?.start(execution)
  }

  cancel(execution: number): void {
    this.own?.cancel(execution)
  }

  startChild(execution: number): void {
    this.children!.start(execution)
  }

  cancelChild(execution: number): void {
    this.children?.cancel(execution)
  }
}
