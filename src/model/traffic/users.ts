import { z } from 'zod'
import { formatDuration } from '../../kernel/time.ts'
import {
  createDistribution,
  type DistributionChoice,
  distributionSchema,
} from '../distributions/index.ts'
import { concurrency, duration, positiveDuration } from '../units.ts'
import type { UserPoint } from './closed-loop.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { stagesPastTheEnd } from './wording.ts'

interface UserStage {
  /** Length of the stage, us. */
  readonly for: number
  /** At its start. */
  readonly users: number
  /** At its end; left out: the number stays. */
  readonly rampTo?: number | undefined
}

/** Exactly one of `users` and `stages` is given. */
export interface UsersOptions {
  readonly users?: number | undefined
  readonly stages?: readonly UserStage[] | undefined
  /** From an answer to the user's next request, us. */
  readonly thinkTime: DistributionChoice
}

const refusedRate = z
  .never(
    'users make their own rate: each asks again after the answer and thinkTime; leave rate out',
  )
  .optional()

const stage = z
  .strictObject({
    for: positiveDuration.describe('How long the stage lasts.'),
    users: concurrency.describe('Users of the stage, or at its start when it ramps.'),
    rampTo: concurrency.optional().describe('Users at the end of the stage; linear in between.'),
    rate: refusedRate,
  })
  .refine((value) => value?.rampTo === undefined || value.users !== undefined, {
    error: 'a ramp needs the number it starts from: write users as well',
    path: ['rampTo'],
    when: () => true,
  })

const schema = z
  .strictObject({
    process: z.literal('users'),
    users: concurrency.optional().describe('One number of users for the whole run.'),
    stages: z
      .array(stage, 'stages is a list such as [{ for: 10m, users: 200 }]')
      .min(1, 'stages must name at least one stage')
      .optional()
      .describe('Numbers of users one after the other; nobody after the last stage.'),
    thinkTime: distributionSchema(duration).describe(
      'From the answer to the next request of the same user.',
    ),
    rate: refusedRate,
  })
  .refine((value) => value?.users === undefined || value.stages === undefined, {
    error: 'give either users or stages, not both',
    path: ['stages'],
    when: () => true,
  })
  .refine((value) => value?.users !== undefined || value?.stages !== undefined, {
    error: 'how many users? Give users (such as 200) or stages',
    when: () => true,
  })

/** The corners of the number of users over time. */
function userPoints({ users, stages }: UsersOptions): UserPoint[] {
  if (stages === undefined) return [{ atUs: 0, count: users ?? 0 }]
  const points: UserPoint[] = []
  let atUs = 0
  for (const { for: lengthUs, users: count, rampTo } of stages) {
    points.push({ atUs, count })
    atUs += lengthUs
    points.push({ atUs, count: rampTo ?? count })
  }
  points.push({ atUs, count: 0 })
  return points
}

function describeStage({ for: lengthUs, users, rampTo }: UserStage): string {
  if (rampTo === undefined || rampTo === users) return `${users} for ${formatDuration(lengthUs)}`
  return `ramping from ${users} to ${rampTo} over ${formatDuration(lengthUs)}`
}

function describeThinkTime({ kind, options }: DistributionChoice): string {
  const { mean } = createDistribution({ kind, options })
  return kind === 'constant'
    ? `thinking ${formatDuration(Math.round(mean))}`
    : `thinking ${formatDuration(Math.round(mean))} on average (${kind})`
}

/** A closed loop: a user asks, waits for the answer, thinks, asks again. */
export const users: ArrivalProcessEntry<UsersOptions> = {
  kind: 'users',
  summary: 'A closed loop: each user asks, waits for the answer, thinks and asks again.',
  isClosedLoop: true,
  schema,
  describe: ({ users: count, stages, thinkTime }) => {
    const counts = stages === undefined ? String(count) : stages.map(describeStage).join(', then ')
    return `Users, ${counts}, ${describeThinkTime(thinkTime)}`
  },
  // The answers decide how often a user asks.
  expectedRequests: () => null,
  peakRatePerSecond: () => null,
  warnings: ({ stages }, { durationUs }) => stagesPastTheEnd(stages, durationUs),
  check: async ({ thinkTime }) =>
    createDistribution(thinkTime).mean === 0
      ? [
          'thinkTime is always 0: a user whose request is refused would ask again at once, for ever; give a thinkTime longer than 0s',
        ]
      : [],
  create: (options) => ({
    kind: 'closed',
    thinkTime: createDistribution(options.thinkTime),
    users: userPoints(options),
  }),
}
