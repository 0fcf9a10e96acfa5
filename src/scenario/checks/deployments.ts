/** Deployments of one function follow each other. */
import { formatDuration } from '../../kernel/time.ts'
import { deploymentStrategy } from '../../model/compute/deployment-strategies.ts'
import type { Problem } from '../diagnostics.ts'
import { resolveReference } from '../qualifiers.ts'
import type { PartialScenario } from '../validate.ts'

interface Deployment {
  readonly index: number
  readonly functionName: string
  readonly startUs: number
  /** When the last of the traffic shifts. */
  readonly endUs: number
}

/**
 * A deployment may begin only when the one before it has shifted all traffic: a deployment group
 * has at most one at a time (AWS CodeDeploy user guide, "CodeDeploy quotas").
 */
export function checkDeployments(partial: PartialScenario): readonly Problem[] {
  const latest = new Map<string, Deployment>()
  const problems: Problem[] = []
  for (const deployment of deploymentsInOrder(partial)) {
    const { functionName, index, startUs, endUs } = deployment
    const before = latest.get(functionName)
    if (before === undefined || endUs > before.endUs) latest.set(functionName, deployment)
    // One that shifts everything at once is over when it begins.
    if (before === undefined || before.startUs === before.endUs || startUs > before.endUs) continue
    const message = `the deployment of ${functionName} at ${formatDuration(before.startUs)} shifts traffic until ${formatDuration(before.endUs)}, and only one can run at a time: begin this one later`
    problems.push({ path: ['timeline', index, 'at'], at: 'value', message })
  }
  return problems
}

function deploymentsInOrder({ timeline, functions }: PartialScenario): Deployment[] {
  const deployments = [...timeline.entries()].flatMap(([index, entry]): Deployment[] => {
    if (entry === null || !('deploy' in entry)) return []
    const resolution = resolveReference(entry.deploy, functions)
    const strategy = deploymentStrategy(entry.strategy)
    if (!resolution.ok || strategy === undefined) return []
    const { functionName } = resolution.reference
    const lastShiftUs = Math.max(...strategy.shifts.map(({ afterUs }) => afterUs))
    return [{ index, functionName, startUs: entry.at, endUs: entry.at + lastShiftUs }]
  })
  return deployments.sort((one, other) => one.startUs - other.startUs)
}
