import type { Assumption, HandlerCall } from '../compiled-scenario.ts'

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
    'Sending to a queue, topic, bus, stream, table or bucket, and queueing an asynchronous event, takes a handler no time beside its duration.',
  confidence: 'assumed',
  source: 'no published latency; a few milliseconds in practice, to be stated in `duration`',
}

const FAILURES_FAIL_THE_HANDLER: Assumption = {
  id: 'failed-calls-fail-the-handler',
  statement:
    'A call that is refused or fails ends the invocation with a handler error; the SDK does not retry it, and later calls are not made.',
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

/** What a handler with these calls takes for granted. */
export function assumptionsOfCalls(calls: readonly HandlerCall[]): readonly Assumption[] {
  if (calls.length === 0) return []
  const assumptions = [AFTER_OWN_TIME, FAILURES_FAIL_THE_HANDLER]
  if (calls.some(({ isAwaited }) => !isAwaited)) assumptions.push(SENDS_TAKE_NO_TIME)
  if (calls.some(({ isAwaited }) => isAwaited)) assumptions.push(ANSWERS_TAKE_NO_TIME)
  return assumptions
}
