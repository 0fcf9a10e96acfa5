import type { MetricEntry } from './catalogue-entry.ts'

type Told = Pick<MetricEntry, 'name' | 'help' | 'shareOf' | 'summaryOnly' | 'unit'>

/**
 * Of state machines, and (StateTime, StateRetries) of their states, which are named MACHINE.STATE.
 * Source: AWS Step Functions developer guide, "Monitoring Step Functions metrics using CloudWatch".
 */
export const WORKFLOW_METRICS: readonly MetricEntry[] = [
  ...entries('counter', true, [
    {
      name: 'ExecutionsStarted',
      help: 'Executions that began; child executions of a distributed Map are counted apart.',
    },
    { name: 'ExecutionsSucceeded', help: 'Executions that ended in success.' },
    {
      name: 'ExecutionsFailed',
      shareOf: ['ExecutionsStarted'],
      help: 'Executions that ended with an error that nothing caught.',
    },
    {
      name: 'ExecutionsTimedOut',
      help: 'Executions that took longer than their TimeoutSeconds, or than the 5 minutes of an Express workflow.',
    },
    {
      name: 'ExecutionsAborted',
      help: 'Executions that were stopped with the execution that waited for them.',
    },
    {
      name: 'ExecutionThrottled',
      help: 'State transitions of Standard workflows that had to wait for a token; they are delayed, not lost.',
    },
    {
      name: 'LambdaFunctionsScheduled',
      help: 'Invocations of functions that tasks asked for, throttled ones included.',
    },
    { name: 'LambdaFunctionsStarted', help: 'Those that Lambda took.' },
    { name: 'LambdaFunctionsSucceeded', help: 'Those that ended in success.' },
    {
      name: 'LambdaFunctionsFailed',
      shareOf: ['LambdaFunctionsScheduled'],
      help: 'Those that were throttled or ended in a function error.',
    },
    {
      name: 'LambdaFunctionsTimedOut',
      help: 'Those that the TimeoutSeconds of their task gave up; the function runs on.',
    },
    {
      name: 'ServiceIntegrationsScheduled',
      help: 'Calls that tasks made of other services than functions, jobs and callbacks included.',
    },
    { name: 'ServiceIntegrationsSucceeded', help: 'Those that ended in success.' },
    {
      name: 'ServiceIntegrationsFailed',
      shareOf: ['ServiceIntegrationsScheduled'],
      help: 'Those that were refused or failed.',
    },
    {
      name: 'ServiceIntegrationsTimedOut',
      help: 'Those that took longer than their TimeoutSeconds or HeartbeatSeconds.',
    },
  ]),
  ...entries('duration', true, [
    {
      name: 'ExecutionTime',
      unit: 'ms',
      help: 'From the start of an execution to its end, however it ended.',
    },
    {
      name: 'LambdaFunctionTime',
      unit: 'ms',
      help: 'From the invocation of a function by a task to its end.',
    },
    {
      name: 'ServiceIntegrationTime',
      unit: 'ms',
      help: 'From the call of another service to the end of the task.',
    },
  ]),
  ...entries('counter', false, [
    {
      name: 'ExecutionsRefused',
      help: 'StartExecution calls that were refused for their rate, or because 1,000,000 Standard executions were open; 429 to who made them.',
    },
    {
      name: 'ExecutionsRedriven',
      help: 'Failed executions that were started again from the state that failed.',
      summaryOnly: true,
    },
    {
      name: 'DuplicateExecutions',
      help: 'Asynchronous Express executions that ran a second time.',
      summaryOnly: true,
    },
    {
      name: 'SendTaskThrottled',
      help: 'Results of callbacks that had to wait, because SendTaskSuccess and SendTaskFailure had no token.',
    },
    {
      name: 'ChildExecutionsStarted',
      help: 'Child executions that a distributed Map started, each for a batch of items.',
    },
    {
      name: 'StateTransitions',
      help: 'States entered, and retries; what Standard workflows are billed by.',
    },
    {
      name: 'StateRetries',
      help: 'Attempts that retriers made after errors.',
      summaryOnly: true,
    },
    {
      name: 'ExpressExecutionBilledDuration',
      unit: 'ms',
      help: 'Length of ended Express executions, each rounded up to 100 ms.',
      summaryOnly: true,
    },
  ]),
  ...entries('gauge', false, [{ name: 'OpenExecutions', help: 'Executions under way.' }]),
  ...entries('duration', false, [
    {
      name: 'StateTime',
      unit: 'ms',
      summaryOnly: true,
      help: 'From entering a state to leaving it, retries and their waits included; of states that may take time.',
    },
  ]),
]

function entries(
  kind: MetricEntry['kind'],
  cloudWatch: boolean,
  told: readonly (Omit<Told, 'unit'> & Partial<Pick<Told, 'unit'>>)[],
): readonly MetricEntry[] {
  return told.map((entry) => ({
    unit: 'count',
    ...entry,
    scopes: ['stateMachine'],
    kind,
    cloudWatch,
  }))
}
