/** What `timeline` may ask of a function. */
import { invariant } from '../../kernel/invariant.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { CommandEntry } from '../entry.ts'
import type { Part } from '../part.ts'
import { positiveDuration } from '../units.ts'
import type { LambdaFunction } from './lambda-function.ts'
import { sharesInterfaces } from './platform-timeline.ts'

export const FUNCTION_COMMANDS: Readonly<Record<string, CommandEntry>> = {
  eventOutage: {
    summary:
      "Lambda answers asynchronous events of the function with a system error for a while: topics, buses, buckets and schedules try again, a producer's request fails, and events taken before back off. Callers that wait for an answer and pollers of queues and streams are not touched.",
    keys: { for: positiveDuration.meta({ description: 'How long it lasts.' }) },
    warning: (name, { hasAsynchronousEvents }) =>
      hasAsynchronousEvents(name)
        ? undefined
        : `eventOutage touches asynchronous events only, and nothing sends ${name} any`,
  },
  create: {
    summary:
      'A function in a VPC is created anew, or moved into its VPC: for `vpcConfig.pendingDuration` its state is Pending, and every invocation is refused.',
    keys: {},
    check: (name, { configOf, platform }) => {
      const config = configOf(name, ['functions']) as { vpcConfig?: unknown } | undefined
      if (config === undefined) return undefined
      if (config.vpcConfig === undefined) {
        return `${name} is in no VPC (functions.${name}.vpcConfig): it is Active as soon as it is created`
      }
      return sharesInterfaces(platform)
        ? undefined
        : 'before 2019-09 network interfaces were made with environments, and no function was Pending'
    },
  },
}

export class FunctionCommands implements Part {
  readonly path: string
  private readonly owner: LambdaFunction
  private readonly simulator: Simulator

  constructor(owner: LambdaFunction, simulator: Simulator) {
    this.path = `functions.${owner.name}`
    this.owner = owner
    this.simulator = simulator
  }

  command(verb: string, options: unknown): void {
    if (verb === 'create') {
      this.owner.network!.create()
      return
    }
    invariant(verb === 'eventOutage', () => `a function does not know ${verb}`)
    const { for: lengthUs } = options as { readonly for: number }
    const untilUs = this.simulator.nowUs + lengthUs
    this.owner.unavailableUntilUs = Math.max(this.owner.unavailableUntilUs, untilUs)
  }
}
