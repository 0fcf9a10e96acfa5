/**
 * What the schema cannot see: rules between keys, references, limits, dates. Every check works on
 * whatever part of the scenario could be read, so that all problems are reported together.
 */
import type { Problem } from '../diagnostics.ts'
import type { PartialScenario } from '../validate.ts'
import { checkDeployments } from './deployments.ts'
import { checkExecutions } from './executions.ts'
import { checkFunctions } from './functions.ts'
import { checkLimits, checkTimes } from './limits.ts'
import { checkManagedInstances } from './managed-instances.ts'
import { checkNetworks } from './networks.ts'
import { checkNodes } from './nodes.ts'
import { checkReferences } from './references.ts'
import { checkSnapStart } from './snap-start.ts'

const CHECKS: readonly ((partial: PartialScenario) => readonly Problem[])[] = [
  checkTimes,
  checkLimits,
  checkFunctions,
  checkSnapStart,
  checkManagedInstances,
  checkReferences,
  checkNodes,
  checkExecutions,
  checkNetworks,
  checkDeployments,
]

export function checkScenario(partial: PartialScenario): readonly Problem[] {
  return CHECKS.flatMap((check) => check(partial))
}
