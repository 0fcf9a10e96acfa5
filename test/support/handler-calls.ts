/** Runs whose handlers make calls, with targets that tell what reached them. */
import { Clock } from '../../src/kernel/time.ts'
import { AttemptLog, type AttemptRow } from '../../src/model/attempt-log.ts'
import type { CompiledScenario, HandlerCall } from '../../src/model/compiled-scenario.ts'
import { PLAIN_SHAPE } from '../../src/model/messages/births.ts'
import { ORDINAL } from '../../src/model/messages/message-store.ts'
import { Recorder } from '../../src/model/metrics/recorder.ts'
import type { Part } from '../../src/model/part.ts'
import { ACCEPTED, type Acceptance, type Target } from '../../src/model/resources/target.ts'
import { Simulation } from '../../src/model/simulation.ts'
import type { World } from '../../src/model/world.ts'
import { compileText } from './run.ts'

const NO_CALL: Omit<HandlerCall, 'to' | 'sections' | 'isAwaited'> = {
  count: 1,
  isPerRecord: false,
  probability: 1,
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

export interface Arrival {
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
  readonly calls: Readonly<Record<string, readonly HandlerCall[]>>
  readonly probes?: readonly Probe[]
  /** Other parts, by path. */
  readonly parts?: Readonly<Record<string, (world: World) => Part>>
  /** Producers whose requests become asynchronous events of their function. */
  readonly asynchronous?: readonly string[]
  readonly adjust?: (compiled: CompiledScenario) => CompiledScenario
  readonly seed?: number
  /** Events per slice. */
  readonly eventBudget?: number
  /** Interrupts the run after so many events. */
  readonly stopAfter?: number
}

export class CallRun {
  readonly simulation: Simulation
  readonly attempts: readonly AttemptRow[]
  private readonly recorder: Recorder

  constructor(simulation: Simulation, recorder: Recorder, attempts: readonly AttemptRow[]) {
    this.simulation = simulation
    this.recorder = recorder
    this.attempts = attempts
  }

  /** The summary's value at `NAME.METRIC.STATISTIC`. */
  value(path: string): number {
    const row = this.recorder
      .summary()
      .find(({ name, metric, statistic }) => `${name}.${metric}.${statistic}` === path)
    if (row === undefined) throw new Error(`the summary has no ${path}`)
    return row.value
  }

  of(functionName: string): AttemptRow[] {
    return this.attempts.filter((row) => row.functionName === functionName)
  }
}

export async function runCalls(scenario: CallScenario): Promise<CallRun> {
  const { seed = 1, adjust = (same) => same, eventBudget = 50_000_000 } = scenario
  const compiled = adjust(withCalls(await compileText(scenario.plain), scenario))
  const recorder = new Recorder(new Clock(), null, false)
  const files = { readText: () => Promise.reject(new Error()), readChunks: () => never() }
  const simulation = new Simulation({ ...compiled, seed: String(seed) }, 0, recorder, files)
  const attempts: AttemptRow[] = []
  simulation.transitions.view = new AttemptLog(simulation, 0, (row) => attempts.push(row))
  await simulation.start()
  const { simulator } = simulation
  if (scenario.stopAfter !== undefined) simulator.run(Number.POSITIVE_INFINITY, scenario.stopAfter)
  else while (simulator.run(Number.POSITIVE_INFINITY, eventBudget) !== 'stopped');
  simulation.finish()
  return new CallRun(simulation, recorder, attempts)
}

function never(): never {
  throw new Error('there are no files')
}

function withCalls(compiled: CompiledScenario, scenario: CallScenario): CompiledScenario {
  const { calls, probes = [], parts = {}, asynchronous = [] } = scenario
  const functions = compiled.functions.map((settings) => ({
    ...settings,
    cutsRecursion: settings.cutsRecursion ?? true,
    asynchronous: settings.asynchronous ?? ASYNCHRONOUS,
    handler: { ...PLAIN_HANDLER, ...settings.handler, calls: calls[settings.name] ?? [] },
  }))
  const traffic = compiled.traffic.map((producer) => {
    const target = { ...producer.target, kind: 'synchronous' } as Synchronous
    if (!asynchronous.includes(producer.name)) return { ...producer, target }
    const reference = `functions.${functions[target.functionIndex]!.name}`
    const events = { kind: 'handover', reference, section: 'functions', batch: 1 } as const
    return { ...producer, target: { ...events, shape: PLAIN_SHAPE } }
  })
  const created = [
    ...probes.map((probe) => ({
      path: probe.path,
      create: (world: World) => Object.assign(probe, { world }),
    })),
    ...Object.entries(parts).map(([path, create]) => ({ path, create })),
  ].map((part) => ({ ...part, scope: 'queue' as const, name: part.path }))
  return { ...compiled, functions, traffic, parts: [...(compiled.parts ?? []), ...created] }
}

type Synchronous = Extract<CompiledScenario['traffic'][number]['target'], { kind: 'synchronous' }>

const PLAIN_HANDLER = {
  recordDuration: null,
  recordFailures: { poison: 0, transient: 0, byAttribute: [] },
}

const ASYNCHRONOUS = {
  maximumRetryAttempts: 2,
  maximumEventAgeUs: 21_600_000_000,
  pollerWindow: 1_000,
  duplicateShare: 0,
  onSuccess: null,
  onFailure: null,
  deadLetterTarget: null,
}
