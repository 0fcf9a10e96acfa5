import type { Assumption, HandlerStep } from '../compiled-scenario.ts'

const AFTER_OWN_TIME: Assumption = {
  id: 'calls-after-own-time',
  statement:
    'A handler makes its calls one after the other, after its own time; an invocation that fails by itself makes none, and a message that the handler fails on brings none.',
  confidence: 'assumed',
  source: "the handler's code decides",
}

const SENDS_TAKE_NO_TIME: Assumption = {
  id: 'sends-take-no-time',
  statement:
    'Sending to a queue, topic, bus, stream or bucket, and queueing an asynchronous event, takes a handler no time beside its duration.',
  confidence: 'assumed',
  source: 'no published latency; a few milliseconds in practice, to be stated in `duration`',
}

const FAILURES_FAIL_THE_HANDLER: Assumption = {
  id: 'failed-calls-fail-the-handler',
  statement:
    'A call that is refused or fails ends the invocation with a handler error; it is tried again only where `retry` says so, and later calls are not made.',
  confidence: 'assumed',
  source: 'AWS SDKs retry by default; the Lambda API reference, Invoke, leaves it to the caller',
}

const ANSWERS_TAKE_NO_TIME: Assumption = {
  id: 'answers-take-no-time',
  statement:
    'A handler that waits for a function waits exactly as long as that takes, from admission to its end: the way there and back takes no time.',
  confidence: 'assumed',
  source: 'no published latency',
}

const CLIENT_OF_EACH_CALL: Assumption = {
  id: 'client-of-each-call',
  statement:
    'In each environment every call in the code of a handler has an SDK client of its own, with its own retry quota and rate limiter.',
  confidence: 'assumed',
  source: 'the code decides; calls that share a client share its quota',
}

const BRANCHES_AT_A_TIME: Assumption = {
  id: 'parallel-as-promise-all',
  statement:
    'Branches of a parallel step run at the same time, each as fast as alone; when one fails the handler fails at once.',
  confidence: 'assumed',
  source: 'as with Promise.all in JavaScript; the handler decides',
}

/** What handlers with these steps take for granted. */
export function assumptionsOfSteps(steps: readonly HandlerStep[]): readonly Assumption[] {
  const inner = steps.flatMap((step) => (step.kind === 'parallel' ? step.branches.flat() : [step]))
  const calls = inner.filter((step) => step.kind === 'call')
  const assumptions: Assumption[] = []
  if (calls.length > 0) assumptions.push(AFTER_OWN_TIME, FAILURES_FAIL_THE_HANDLER)
  if (calls.some(({ isAwaited }) => !isAwaited)) assumptions.push(SENDS_TAKE_NO_TIME)
  if (calls.some(({ isAwaited }) => isAwaited)) assumptions.push(ANSWERS_TAKE_NO_TIME)
  if (calls.some(({ retry }) => retry !== null)) assumptions.push(CLIENT_OF_EACH_CALL)
  if (steps.some(({ kind }) => kind === 'parallel')) assumptions.push(BRANCHES_AT_A_TIME)
  return assumptions
}
