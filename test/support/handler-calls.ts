/** Runs whose handlers make calls, with targets that tell what reached them. */
import type { CompiledScenario, HandlerCall } from '../../src/model/compiled-scenario.ts'
import { PLAIN_SHAPE } from '../../src/model/messages/births.ts'
import { ORDINAL } from '../../src/model/messages/message-store.ts'
import type { Part } from '../../src/model/part.ts'
import { ACCEPTED, type Acceptance, type Target } from '../../src/model/resources/target.ts'
import type { World } from '../../src/model/world.ts'
import { compileText, type RunOptions, type RunView, runCompiled } from './run.ts'

const NO_CALL: Omit<HandlerCall, 'to' | 'sections' | 'isAwaited'> = {
  kind: 'call',
  count: 1,
  isPerRecord: false,
  probability: 1,
  timeoutUs: null,
  retry: null,
  retriesErrors: false,
  errorRate: 0,
  meanAnswerUs: 0,
  shape: PLAIN_SHAPE,
}

/** A synchronous invoke of a function. */
export function invoke(to: string, options: Partial<HandlerCall> = {}): HandlerCall {
  return { ...NO_CALL, to, sections: ['functions'], isAwaited: true, ...options }
}

/** An asynchronous invoke of a function. */
export function queueEvent(to: string, options: Partial<HandlerCall> = {}): HandlerCall {
  return { ...NO_CALL, to, sections: ['functions'], isAwaited: false, ...options }
}

export function send(to: string, options: Partial<HandlerCall> = {}): HandlerCall {
  return { ...NO_CALL, to, sections: ['queues'], isAwaited: false, ...options }
}

interface Arrival {
  readonly atUs: number
  readonly birth: string
  readonly ordinal: number
  readonly lineage: number
}

/** Takes what is sent to it, unless `answer` says otherwise, and lets it be. */
export class Probe implements Part, Target {
  readonly scope = 'queue'
  readonly name: string
  readonly path: string
  readonly arrivals: Arrival[] = []
  refused = 0
  world!: World
  private readonly answer: (arrival: Arrival) => Acceptance

  constructor(name: string, answer: (arrival: Arrival) => Acceptance = () => ACCEPTED) {
    this.name = name
    this.path = `queues.${name}`
    this.answer = answer
  }

  accept(message: number): Acceptance {
    const { births, messages, simulator } = this.world
    const arrival = {
      atUs: simulator.nowUs,
      birth: births.nameOf(message),
      ordinal: messages.reals[4 * message + ORDINAL]!,
      lineage: messages.lineage[message]!,
    }
    const answer = this.answer(arrival)
    if (answer !== ACCEPTED) {
      this.refused++
      return answer
    }
    this.arrivals.push(arrival)
    messages.give(message)
    return ACCEPTED
  }
}

export interface CallScenario {
  /** A scenario without calls. */
  readonly plain: object
  /** By function. */
  readonly calls: Readonly<Record<string, readonly HandlerCall[]>>
  readonly probes?: readonly Probe[]
  /** Other parts, by path. */
  readonly parts?: Readonly<Record<string, (world: World) => Part>>
}

export async function runCalls(scenario: CallScenario, options: RunOptions = {}): Promise<RunView> {
  return runCompiled(await compileCalls(scenario), { seed: 1, ...options })
}

export async function compileCalls({
  plain,
  calls,
  probes = [],
  parts = {},
}: CallScenario): Promise<CompiledScenario> {
  const compiled = await compileText(plain)
  const functions = compiled.functions.map((settings) => ({
    ...settings,
    handler: { ...settings.handler, steps: calls[settings.name] ?? [] },
  }))
  const created = [
    ...probes.map((probe) => ({
      path: probe.path,
      create: (world: World) => Object.assign(probe, { world }),
    })),
    ...Object.entries(parts).map(([path, create]) => ({ path, create })),
  ].map((part) => ({ ...part, scope: 'queue' as const, metrics: null, name: part.path }))
  return { ...compiled, functions, parts: [...compiled.parts, ...created] }
}

/** A function's attempts. */
export function attemptsOf(view: RunView, functionName: string): RunView['attempts'] {
  return view.attempts.filter((row) => row.functionName === functionName)
}
