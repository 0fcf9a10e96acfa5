import type { Block } from '../document.ts'
import { count, countOf, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'

const CALLERS_TOLD = 3

/** What callers did about failed attempts, the most amplified first. */
export function retryVerdicts(index: ResultIndex): Block[] {
  const callers = index.names('traffic').flatMap((name) => {
    const amplification = amplificationOf(index, name)
    return amplification === undefined ? [] : [{ name, amplification }]
  })
  callers.sort((one, other) => other.amplification - one.amplification)
  return [
    ...callers
      .slice(0, CALLERS_TOLD)
      .map(({ name, amplification }) => retryVerdict(index, name, amplification)),
    ...timeoutVerdicts(index),
    ...guardVerdicts(index),
  ]
}

/** Attempts for each request that had one; undefined: its callers do not retry, or had no need to. */
function amplificationOf(index: ResultIndex, name: string): number | undefined {
  const sum = (metric: string) => index.value('traffic', name, metric, 'sum') ?? 0
  const asked = sum('Retries') + sum('RetryQuotaExhausted') + sum('RetryBudgetExhausted')
  const first = sum('Attempts') - sum('Retries')
  return asked === 0 || first === 0 ? undefined : sum('Attempts') / first
}

function retryVerdict(index: ResultIndex, name: string, amplification: number): Block {
  const sum = (metric: string) => index.value('traffic', name, metric, 'sum') ?? 0
  const retries = countOf(sum('Retries'), 'retry').replace(/retrys$/, 'retries')
  const attempts = amplification.toFixed(2)
  const recovered = sum('SucceededAfterThrottles')
  const throttled = recovered + sum('ThrottledRequests')
  const fate =
    throttled === 0
      ? `${count(sum('SucceededAfterRetries'))} requests succeeded after them.`
      : `Of ${countOf(throttled, 'throttled request')} ${count(recovered)} (${percent(recovered / throttled)}) succeeded after all.`
  const lines: string[] = []
  const unpaid = sum('RetryQuotaExhausted')
  if (unpaid > 0) {
    lines.push(
      `${count(unpaid)} retries were not made because the retry quota was used up, which spares the function.`,
    )
  }
  const duplicates = sum('DuplicateInvocations')
  if (duplicates > 0) {
    lines.push(`The code ran more than once for ${countOf(duplicates, 'request')}.`)
  }
  return {
    kind: 'verdict',
    tone: 'doubtful',
    text: `${name} made ${retries}: ${attempts} attempts for each request. ${fate}`,
    lines,
  }
}

function timeoutVerdicts(index: ResultIndex): Block[] {
  return index.names('traffic').flatMap((name): Block[] => {
    const timeouts = index.value('traffic', name, 'ClientTimeouts', 'sum') ?? 0
    if (timeouts === 0) return []
    const share = index.value('traffic', name, 'ClientTimeouts', 'share') ?? 0
    const text = `${name} gave up on ${countOf(timeouts, 'attempt')} (${percent(share)}) at the timeout of the client; the work ran on and was billed.`
    return [{ kind: 'verdict', tone: 'bad', text, lines: [] }]
  })
}

/** What guards kept from the function, and how that is said, by metric. */
const REFUSALS: readonly (readonly [metric: string, what: string, fate: string])[] = [
  ['CircuitOpenRejections', 'attempts', 'not made because the circuit breaker was open'],
  ['LoadShedRejections', 'requests', 'turned away by their client: too many were under way'],
  ['RetryBudgetExhausted', 'retries', 'not made because the retry budget was used up'],
]

function guardVerdicts(index: ResultIndex): Block[] {
  return index.names('traffic').flatMap((name) =>
    REFUSALS.flatMap(([metric, what, fate]): Block[] => {
      const refused = index.value('traffic', name, metric, 'sum') ?? 0
      if (refused === 0) return []
      const text = `${count(refused)} ${what} of ${name} were ${fate}.`
      return [{ kind: 'verdict', tone: 'doubtful', text, lines: [] }]
    }),
  )
}
