import type { CallPhase, HandlerWait } from '../time-parts.ts'
import { BACK_OFF, CALL, COMPUTE, type PartColumns } from './part-columns.ts'

const COLUMNS: Readonly<Record<HandlerWait, number>> = {
  compute: COMPUTE,
  call: CALL,
  backOff: BACK_OFF,
}

/** One line of execution: at each instant its time goes into exactly one part. */
class Thread {
  private readonly spentUs: number[]
  private column = COMPUTE
  private sinceUs: number

  constructor(columns: number, nowUs: number) {
    this.spentUs = Array<number>(columns).fill(0)
    this.sinceUs = nowUs
  }

  enter(column: number, nowUs: number): void {
    this.spentUs[this.column]! += nowUs - this.sinceUs
    this.column = column
    this.sinceUs = nowUs
  }

  /** What it did since it last entered a part, another one did for it. */
  absorb(other: Thread, nowUs: number): void {
    other.spentUntil(nowUs).forEach((us, column) => {
      this.spentUs[column]! += us
    })
    this.sinceUs = nowUs
  }

  spentUntil(nowUs: number): readonly number[] {
    this.enter(this.column, nowUs)
    return [...this.spentUs]
  }
}

/** What handlers do from their first call on: themselves, their branches, and their calls. */
export class HandlerThreads {
  private readonly columns: PartColumns
  private readonly byInvocation = new Map<number, Thread>()
  private readonly byProgram = new Map<object, Thread[]>()
  private readonly byCall: (Thread | undefined)[] = []

  constructor(columns: PartColumns) {
    this.columns = columns
  }

  begin(program: object, progress: number, invocation: number, nowUs: number): void {
    this.byInvocation.set(invocation, this.open(program, progress, nowUs))
  }

  fork(program: object, branch: number, nowUs: number): void {
    this.open(program, branch, nowUs)
  }

  join(program: object, branch: number, parent: number, nowUs: number): void {
    this.of(program, parent).absorb(this.of(program, branch), nowUs)
  }

  wait(program: object, progress: number, what: HandlerWait, nowUs: number): void {
    this.of(program, progress).enter(COLUMNS[what], nowUs)
  }

  beginCall(call: number, program: object, progress: number): void {
    this.byCall[call] = this.of(program, progress)
  }

  passOn(call: number, inner: number): void {
    this.byCall[inner] = this.byCall[call]
  }

  enter(call: number, downstream: string, phase: CallPhase, nowUs: number): void {
    this.byCall[call]?.enter(this.columns.of(downstream, phase), nowUs)
  }

  leave(call: number): void {
    this.byCall[call] = undefined
  }

  /** By part, since the invocation's first call; null: it has made none. */
  spent(invocation: number, nowUs: number): readonly number[] | null {
    return this.byInvocation.get(invocation)?.spentUntil(nowUs) ?? null
  }

  end(invocation: number): void {
    this.byInvocation.delete(invocation)
  }

  private open(program: object, progress: number, nowUs: number): Thread {
    const thread = new Thread(this.columns.all.length, nowUs)
    let threads = this.byProgram.get(program)
    if (threads === undefined) {
      threads = []
      this.byProgram.set(program, threads)
    }
    threads[progress] = thread
    return thread
  }

  private of(program: object, progress: number): Thread {
    return this.byProgram.get(program)![progress]!
  }
}
