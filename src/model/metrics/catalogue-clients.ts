import type { MetricEntry } from './catalogue-entry.ts'

type Counted = Pick<MetricEntry, 'name' | 'shareOf' | 'summaryOnly' | 'help'>

/** Of callers that retry, give up, or keep themselves from calling; each only where it is used. */
export const CLIENT_METRICS: readonly MetricEntry[] = (
  [
    {
      name: 'Retries',
      shareOf: ['Attempts'],
      help: 'Attempts after the first one of their request, where callers retry.',
    },
    {
      name: 'SucceededAfterRetries',
      shareOf: ['Succeeded'],
      summaryOnly: true,
      help: 'Requests that ended in success at a later attempt than their first.',
    },
    {
      name: 'SucceededAfterThrottles',
      summaryOnly: true,
      help: 'Requests that ended in success although at least one of their attempts was refused.',
    },
    {
      name: 'DuplicateInvocations',
      shareOf: ['Requests'],
      help: 'Requests whose function code was started more than once, because their caller gave up on an attempt or tried a failed one again. Counted when the second attempt is admitted.',
    },
    {
      name: 'RetryQuotaExhausted',
      help: 'Retries that were not made because the retry quota of their SDK client was used up.',
    },
    {
      name: 'ClientTimeouts',
      shareOf: ['Attempts'],
      help: 'Attempts on which their caller gave up; the function or execution runs on and is billed.',
    },
    {
      name: 'LoadShedRejections',
      shareOf: ['Requests'],
      help: 'Requests that their client turned away because too many were under way.',
    },
    {
      name: 'CircuitOpenRejections',
      help: 'Attempts that were not made because the circuit breaker of their client was open.',
    },
    {
      name: 'RetryBudgetExhausted',
      help: 'Retries that were not made because the retry budget of their client was used up.',
    },
  ] satisfies readonly Counted[]
).map((entry) => ({
  ...entry,
  scopes: ['traffic'],
  kind: 'counter',
  unit: 'count',
  cloudWatch: false,
}))
