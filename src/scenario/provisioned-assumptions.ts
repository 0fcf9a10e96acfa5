/** The behaviours of provisioned concurrency that take part in a scenario. */
import type { Assumption, CompiledScenario, FunctionSettings } from '../model/compiled-scenario.ts'

const PROVISIONED = 'Lambda developer guide, "Configuring provisioned concurrency"'

export function provisionedAssumptions(
  compiled: Pick<CompiledScenario, 'functions' | 'traffic' | 'timeline'>,
): readonly Assumption[] {
  return [
    ...allocationAssumptions(compiled),
    ...trackingAssumptions(compiled),
    ...qualifierAssumptions(compiled),
  ]
}

/** Take part only where provisioned concurrency is allocated while the run goes on. */
function allocationAssumptions(
  compiled: Pick<CompiledScenario, 'functions' | 'timeline'>,
): readonly Assumption[] {
  const isChanged =
    compiled.functions.some(({ qualifiers }) =>
      qualifiers.some(({ scaling }) => scaling !== null),
    ) ||
    compiled.timeline.some(
      (action) => action.kind === 'set' && action.change.kind === 'provisionedConcurrency',
    )
  const isPartial = compiled.functions.some(({ qualifiers }) =>
    qualifiers.some(
      ({ provisionedConcurrency, initialProvisionedConcurrency }) =>
        initialProvisionedConcurrency < provisionedConcurrency,
    ),
  )
  const isMoved = movesProvisioned(compiled)
  if (!isChanged && !isPartial && !isMoved) return []
  const assumptions: Assumption[] = [
    {
      id: 'provisioned-preparation',
      statement:
        'Allocation of provisioned concurrency begins after a time drawn evenly between 1 and 2 minutes.',
      confidence: 'inferred',
      source: `${PROVISIONED}: one or two minutes of preparation`,
    },
  ]
  if (isMoved) {
    assumptions.push({
      id: 'provisioned-deployment',
      statement:
        "A deployment first gives up the old version's provisioned concurrency and then allocates the new version's; requests run on demand until it is ready.",
      confidence: 'documented',
      source: PROVISIONED,
    })
  }
  return assumptions
}

function trackingAssumptions({
  functions,
}: Pick<CompiledScenario, 'functions'>): readonly Assumption[] {
  const isTracked = functions.some(({ qualifiers }) =>
    qualifiers.some(({ scaling }) => scaling !== null && scaling.targetTracking !== null),
  )
  if (!isTracked) return []
  return [
    {
      id: 'target-tracking-alarms',
      statement:
        'Target tracking adds capacity after 3 minutes in a row above the target and takes it away after 15 in a row below nine tenths of it; a minute without an invocation has no datapoint and begins the count anew.',
      confidence: 'measured',
      source:
        'George Mao, "Understanding Lambda Provisioned Concurrency AutoScaling", 2020, for the 15; Lambda developer guide, "Managing provisioned concurrency with Application Auto Scaling", for the rest',
    },
    {
      id: 'target-tracking-capacity',
      statement:
        "The new capacity is what is allocated times utilisation over target, rounded up, where utilisation is the minute's average or maximum over invocations as they start; alarms act on a minute as soon as it ends.",
      confidence: 'inferred',
      source: 'Application Auto Scaling user guide, "Target tracking scaling policies"',
    },
  ]
}

/** Takes part where traffic calls a provisioned version by another name than it was given to. */
function qualifierAssumptions({
  functions,
  traffic,
  timeline,
}: Pick<CompiledScenario, 'functions' | 'traffic' | 'timeline'>): readonly Assumption[] {
  const names = functions.flatMap(({ name, qualifiers }, functionIndex) => {
    const called = traffic.flatMap(({ target }) =>
      target.functionIndex === functionIndex && target.qualifierIndex !== null
        ? [target.qualifierIndex]
        : [],
    )
    const isBypassed = qualifiers.some(({ routes }, index) => {
      if (!isEverProvisioned({ functions, timeline }, functionIndex, index)) return false
      const version = routes[0]!.version
      return called.some(
        (other) =>
          other !== index && qualifiers[other]!.routes.some((route) => route.version === version),
      )
    })
    return isBypassed ? [name] : []
  })
  if (names.length === 0) return []
  return [
    {
      id: 'provisioned-qualifier',
      statement: `Provisioned concurrency serves only requests that name the alias or version it is given to; those that reach the same version by another name run on demand (${names.join(', ')}).`,
      confidence: 'inferred',
      source: PROVISIONED,
    },
  ]
}

/** Whether provisioned concurrency is there from the start or comes during the run. */
function isEverProvisioned(
  { functions, timeline }: Pick<CompiledScenario, 'functions' | 'timeline'>,
  functionIndex: number,
  qualifierIndex: number,
): boolean {
  const { provisionedConcurrency, scaling } = functions[functionIndex]!.qualifiers[qualifierIndex]!
  return (
    provisionedConcurrency > 0 ||
    scaling !== null ||
    timeline.some(
      (action) =>
        action.kind === 'set' &&
        action.change.kind === 'provisionedConcurrency' &&
        action.change.functionIndex === functionIndex &&
        action.change.qualifierIndex === qualifierIndex &&
        action.change.value > 0,
    )
  )
}

/** Whether a deployment meets provisioned concurrency that is there or comes during the run. */
function movesProvisioned({
  functions,
  timeline,
}: Pick<CompiledScenario, 'functions' | 'timeline'>): boolean {
  return timeline.some(
    (action) =>
      action.kind === 'deploy' &&
      movedQualifiers(functions[action.functionIndex]!).some((qualifierIndex) =>
        isEverProvisioned({ functions, timeline }, action.functionIndex, qualifierIndex),
      ),
  )
}

/** Indexes of the bare name and of the aliases that point where it points. */
function movedQualifiers({ qualifiers, versions }: FunctionSettings): readonly number[] {
  const current = qualifiers[0]!.routes[0]!.version
  return qualifiers.flatMap(({ name, routes }, index) =>
    routes[0]!.version === current && name !== versions[current] ? [index] : [],
  )
}
