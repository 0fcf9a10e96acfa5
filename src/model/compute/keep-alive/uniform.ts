import { durationRange, leasePolicy } from './lease.ts'

/** Each environment has its own idle timeout, drawn evenly from a range. */
export const uniform = leasePolicy({
  kind: 'uniform',
  summary: 'Each environment draws its idle timeout from a range.',
  idleTimeout: durationRange.meta({
    description: 'The range from which each environment draws how long it may stay idle.',
  }),
})
