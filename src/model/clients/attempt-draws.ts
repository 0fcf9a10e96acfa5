import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'

const DURATION = hashName('duration')
const FAILURE = hashName('failure')
const JITTER = hashName('retry-jitter')

/**
 * What attempts after the first draw. Each draw belongs to its request and the number of the
 * attempt, not to the order of events, so that variants meet the same customers.
 */
export class AttemptDraws {
  private readonly generator = new Generator()
  private readonly stream: number

  /** `streamName` is `seed/replication/producer`. */
  constructor(streamName: string) {
    this.stream = hashName(streamName)
  }

  /** The handler's own time, us. */
  durationUs(target: LambdaFunction, ordinal: number, attempt: number): number {
    return target.settings.handler.duration.sample(this.of(ordinal, DURATION, attempt))
  }

  failureDraw(ordinal: number, attempt: number): number {
    return this.of(ordinal, FAILURE, attempt).nextUniform()
  }

  /** In [0, 1), for the wait before an attempt. */
  jitter(ordinal: number, attempt: number): number {
    return this.of(ordinal, JITTER, attempt).nextUniform()
  }

  private of(ordinal: number, purpose: number, attempt: number): Generator {
    return rekey(this.generator, this.stream, ordinal, purpose, attempt - 1)
  }
}
