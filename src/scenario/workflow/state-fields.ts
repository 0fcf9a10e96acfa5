/** Which fields each type of state has, by query language. Source: the Amazon States Language. */

export const STATE_TYPES = [
  'Task',
  'Pass',
  'Choice',
  'Wait',
  'Succeed',
  'Fail',
  'Parallel',
  'Map',
] as const

export type StateType = (typeof STATE_TYPES)[number]

const COMMON = ['Type', 'Comment', 'QueryLanguage']
const PATHS = ['InputPath', 'OutputPath']
const FLOW = ['Next', 'End']
const HANDLING = ['Retry', 'Catch']
const RESULT = ['ResultPath', 'ResultSelector']

interface Fields {
  readonly both: readonly string[]
  readonly path: readonly string[]
  readonly jsonata: readonly string[]
}

const FIELDS: Readonly<Record<StateType, Fields>> = {
  Task: {
    both: [
      ...FLOW,
      ...HANDLING,
      'Resource',
      'TimeoutSeconds',
      'HeartbeatSeconds',
      'Credentials',
      'Assign',
    ],
    path: [...PATHS, ...RESULT, 'Parameters', 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    jsonata: ['Arguments', 'Output'],
  },
  Pass: {
    both: [...FLOW, 'Assign'],
    path: [...PATHS, 'ResultPath', 'Parameters', 'Result'],
    jsonata: ['Output'],
  },
  Choice: { both: ['Choices', 'Default', 'Assign'], path: PATHS, jsonata: ['Output'] },
  Wait: {
    both: [...FLOW, 'Seconds', 'Timestamp', 'Assign'],
    path: [...PATHS, 'SecondsPath', 'TimestampPath'],
    jsonata: ['Output'],
  },
  Succeed: { both: [], path: PATHS, jsonata: ['Output'] },
  Fail: { both: ['Error', 'Cause'], path: ['ErrorPath', 'CausePath'], jsonata: [] },
  Parallel: {
    both: [...FLOW, ...HANDLING, 'Branches', 'Assign'],
    path: [...PATHS, ...RESULT, 'Parameters'],
    jsonata: ['Arguments', 'Output'],
  },
  Map: {
    both: [
      ...FLOW,
      ...HANDLING,
      'ItemProcessor',
      'Iterator',
      'ItemSelector',
      'ItemReader',
      'ItemBatcher',
      'ResultWriter',
      'MaxConcurrency',
      'ToleratedFailureCount',
      'ToleratedFailurePercentage',
      'Label',
      'Assign',
    ],
    path: [
      ...PATHS,
      ...RESULT,
      'Parameters',
      'ItemsPath',
      'MaxConcurrencyPath',
      'ToleratedFailureCountPath',
      'ToleratedFailurePercentagePath',
    ],
    jsonata: ['Items'],
  },
}

export function fieldsOf(type: StateType, isJsonata: boolean): readonly string[] {
  const { both, path, jsonata } = FIELDS[type]
  return [...COMMON, ...both, ...(isJsonata ? [...jsonata, 'Output'] : path)]
}

/** Of the other query language. */
export function foreignFields(type: StateType, isJsonata: boolean): readonly string[] {
  const own = fieldsOf(type, isJsonata)
  return fieldsOf(type, !isJsonata).filter((field) => !own.includes(field))
}

/** Whether the state goes on to another one by Next or End. */
export function isFlowing(type: StateType): boolean {
  return FIELDS[type].both.includes('Next')
}

/** Whether it may have Retry and Catch. */
export function isHandling(type: StateType): boolean {
  return FIELDS[type].both.includes('Retry')
}
