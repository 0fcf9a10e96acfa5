import { positiveDuration } from '../../units.ts'
import { leasePolicy } from './lease.ts'

/** Every idle environment is retired after the same time. */
export const fixed = leasePolicy({
  kind: 'fixed',
  summary: 'Every environment is retired after the same idle time.',
  idleTimeout: positiveDuration.meta({
    description: 'How long an environment may stay idle before it is retired.',
  }),
})
